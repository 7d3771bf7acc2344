/** What the app reads from the edge, as TanStack queries: one entry per question, shared by every feature. */
import { queryOptions } from '@tanstack/react-query'
import {
  listAgents,
  listProgress,
  listTitles,
  readHome,
  readPreferences,
  readProgress,
  readSetup,
  readTitle,
  readTitleChoice,
} from './edge-api.ts'

export const titlesQuery = queryOptions({
  queryKey: ['titles'],
  queryFn: listTitles,
  select: ({ titles }) => titles,
  // An empty shelf fills as soon as a home offers films.
  refetchInterval: (query) => (query.state.data?.titles.length === 0 ? 4000 : false),
})

export const titleQuery = (id: string) => queryOptions({ queryKey: ['titles', id], queryFn: () => readTitle(id) })

export const continueQuery = queryOptions({
  queryKey: ['progress'],
  queryFn: listProgress,
  select: ({ items }) => items,
  refetchOnMount: 'always',
})

/** Null when this person has not watched the title yet. */
export const progressQuery = (id: string) =>
  queryOptions({ queryKey: ['progress', id], queryFn: () => readProgress(id), refetchOnMount: 'always' })

export const preferencesQuery = queryOptions({ queryKey: ['preferences'], queryFn: readPreferences })
export const titleChoiceQuery = (id: string) =>
  queryOptions({ queryKey: ['preferences', id], queryFn: () => readTitleChoice(id) })

/** The lamp: asked again by itself, so that a dark home lights up without a reload. */
export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: readHome,
  refetchInterval: (query) => (query.state.data?.lit ? 30_000 : 8_000),
  refetchOnWindowFocus: 'always',
})

export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: readSetup })

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: listAgents,
  select: ({ agents }) => agents,
  refetchInterval: 10_000,
})
