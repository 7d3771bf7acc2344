/** Where films come from, as functions and queries of the admin: providers, rules, sources added by hand, agents' tasks. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { InferRequestType, InferResponseType } from 'hono/client'
import { json } from './api.ts'
import { api } from './edge-api.ts'
import { answered } from './failure.ts'

const { agents, household, titles } = api
const ofAgent = agents[':id']

export type Provider = InferResponseType<(typeof ofAgent.providers)['$get'], 200>['providers'][number]
export type ProviderField = Provider['fields'][number]
export type ProviderSettings = InferRequestType<(typeof ofAgent.providers)[':provider']['$put']>['json']
export type ReleaseRule = InferResponseType<(typeof household)['release-rules']['$get'], 200>['rules'][number]
export type NewSource = InferRequestType<(typeof titles)[':id']['sources']['$post']>['json']

export const providersOfQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['agents', agentId, 'providers'],
    queryFn: () => json(ofAgent.providers.$get({ param: { id: agentId } })),
    select: ({ providers }) => providers,
    refetchOnMount: 'always',
    retry: false,
  })

export const setProvider = (agentId: string, provider: string, settings: ProviderSettings) =>
  json(ofAgent.providers[':provider'].$put({ param: { id: agentId, provider }, json: settings }))

type OwnFilms = (typeof ofAgent)['own-films']
export type OwnFilmPage = InferResponseType<OwnFilms['$get'], 200>
export type OwnFilm = OwnFilmPage['films'][number]
export type OwnFilmView = InferRequestType<OwnFilms['$get']>['query']['view']
export type OwnFilmSaid = InferRequestType<OwnFilms[':film']['$put']>['json']

export const ownFilmsKey = (agentId: string) => ['agents', agentId, 'own-films'] as const
export const ownFilmsQuery = (agentId: string, view: OwnFilmView) =>
  infiniteQueryOptions({
    queryKey: [...ownFilmsKey(agentId), view],
    queryFn: ({ pageParam }) =>
      json(ofAgent['own-films'].$get({ param: { id: agentId }, query: { view, from: String(pageParam) } })),
    initialPageParam: 0,
    getNextPageParam: ({ isMore }, pages) =>
      isMore ? pages.reduce((count, { films }) => count + films.length, 0) : undefined,
    // A box that looks its films up says soon what they are.
    refetchInterval: ({ state }) => ((state.data?.pages[0]?.counts.waiting ?? 0) > 0 ? 5000 : false),
    refetchOnMount: 'always',
    retry: false,
  })
export const sayOwnFilm = (agentId: string, film: string, said: OwnFilmSaid) =>
  answered(ofAgent['own-films'][':film'].$put({ param: { id: agentId, film }, json: said }))
export const unsayOwnFilm = (agentId: string, film: string) =>
  answered(ofAgent['own-films'][':film'].$delete({ param: { id: agentId, film } }))

/** Null: nobody has said it yet. */
export const lawfulUseQuery = queryOptions({
  queryKey: ['household', 'lawful-use'],
  queryFn: () => json(household['lawful-use'].$get()),
  select: ({ confirmedAt }) => confirmedAt,
})
export const confirmLawfulUse = () => answered(household['lawful-use'].$put({ json: { isConfirmed: true } }))

export const releaseRulesQuery = queryOptions({
  queryKey: ['household', 'release-rules'],
  queryFn: () => json(household['release-rules'].$get()),
  select: ({ rules }) => rules,
})
export const saveReleaseRules = (rules: ReleaseRule[]) => answered(household['release-rules'].$put({ json: { rules } }))

/** Whether more may come in the next seconds, and how many copies there are now. */
export const searchTitle = (id: string) => json(titles[':id'].search.$post({ param: { id } }))
export const addSource = (id: string, source: NewSource) =>
  json(titles[':id'].sources.$post({ param: { id }, json: source }))
export const removeSource = (id: string, source: string) =>
  answered(titles[':id'].sources[':source'].$delete({ param: { id, source } }))

export const agentTasksQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['agents', agentId, 'tasks'],
    queryFn: () => json(ofAgent.tasks.$get({ param: { id: agentId } })),
    refetchInterval: 10_000,
    retry: false,
  })
export const agentTaskRunsQuery = (agentId: string, name: string) =>
  queryOptions({
    queryKey: ['agents', agentId, 'tasks', name],
    queryFn: () => json(ofAgent.tasks[':name'].runs.$get({ param: { id: agentId, name } })),
    refetchOnMount: 'always',
    // A run may end while its log is open.
    refetchInterval: 5000,
  })
export const runAgentTask = (agentId: string, name: string) =>
  answered(ofAgent.tasks[':name'].run.$post({ param: { id: agentId, name } }))
export const pauseAgentTask = (agentId: string, name: string, isPaused: boolean) =>
  answered(ofAgent.tasks[':name'].pause.$put({ param: { id: agentId, name }, json: { isPaused } }))
