/** What the account and the admin's pages read, as TanStack queries. */
import { queryOptions } from '@tanstack/react-query'
import {
  listInvites,
  listLinks,
  listNotices,
  listPasskeys,
  listPeople,
  listProfiles,
  listProviders,
  listSessions,
  listSessionsOf,
  readMe,
} from './identity-api.ts'

const doorQuery = queryOptions({ queryKey: ['providers'], queryFn: listProviders })
/** Asked again now and then, so that a way in that has fallen silent turns grey, and comes back. */
export const providersQuery = queryOptions({
  ...doorQuery,
  select: ({ providers }) => providers,
  refetchInterval: 60_000,
})
/** Where letters of this Porchlight go. */
export const lettersQuery = queryOptions({ ...doorQuery, select: ({ letters }) => letters })

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: readMe })
export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: listSessions,
  select: ({ sessions }) => sessions,
  refetchOnMount: 'always',
})
export const noticesQuery = queryOptions({
  queryKey: ['me', 'notices'],
  queryFn: listNotices,
  select: ({ notices }) => notices,
})
export const passkeysQuery = queryOptions({
  queryKey: ['me', 'passkeys'],
  queryFn: listPasskeys,
  select: ({ passkeys }) => passkeys,
})
export const linksQuery = queryOptions({
  queryKey: ['me', 'links'],
  queryFn: listLinks,
  select: ({ links }) => links,
})
const householdQuery = queryOptions({ queryKey: ['me', 'profiles'], queryFn: listProfiles })
export const profilesQuery = queryOptions({ ...householdQuery, select: ({ profiles }) => profiles })
/** All of them, and who of them watches with this session: undefined is the person themselves. */
export const watchingQuery = queryOptions({
  ...householdQuery,
  select: ({ profiles, currentId }) => ({ profiles, current: profiles.find(({ id }) => id === currentId) }),
})

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: listPeople,
  select: ({ people }) => people,
  refetchOnMount: 'always',
})
export const invitesQuery = queryOptions({
  queryKey: ['invites'],
  queryFn: listInvites,
  select: ({ invites }) => invites,
  refetchOnMount: 'always',
})
export const sessionsOfQuery = (id: string) =>
  queryOptions({
    queryKey: ['people', id, 'sessions'],
    queryFn: () => listSessionsOf(id),
    select: ({ sessions }) => sessions,
  })
