/** What the app reads from the edge, as TanStack queries: one entry per question, shared by every feature. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { ListCard, ListPage, SearchWish } from './api.ts'
import {
  listAgents,
  listLists,
  listSearches,
  listTaskRuns,
  listTasks,
  listTitles,
  readCache,
  readFrontPage,
  readHome,
  readList,
  readNextEpisode,
  readPreferences,
  readProgress,
  readRelayUsage,
  readSetup,
  readTitle,
  readTitleChoice,
  search,
} from './edge-api.ts'

export const frontPageQuery = queryOptions({
  queryKey: ['front-page'],
  queryFn: readFrontPage,
  refetchOnMount: 'always',
  // An empty shelf fills as soon as a home offers films.
  refetchInterval: (query) => (query.state.data?.rows.length === 0 ? 4000 : false),
})

/** What is typed, as it is typed: the last answer stays until the next is there. */
export const searchQuery = (wish: SearchWish) =>
  queryOptions({
    queryKey: ['search', wish],
    queryFn: ({ signal }) => search(wish, signal),
    placeholderData: keepPreviousData,
  })
export const searchesQuery = queryOptions({
  queryKey: ['searches'],
  queryFn: listSearches,
  select: ({ searches }) => searches,
})

/** The lists there are, each with whether it holds the title. */
export const listsQuery = (titleId?: string) =>
  queryOptions({
    queryKey: ['lists', titleId ?? ''],
    queryFn: () => listLists(titleId),
    select: ({ lists }) => lists,
  })

type ListPart = Omit<ListPage, 'list'> & { list: Omit<ListCard, 'titleCount' | 'has'> }

/** The shelf of everything at home, which is nobody's list, in the shape of one. */
const shelf: ListPart['list'] = {
  ...{ id: 'at-home', kind: 'builtin', name: 'At home', description: '', isShared: true, isOwn: false },
}

/** A list, page after page. */
export const listQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['list', id],
    queryFn: async ({ pageParam }): Promise<ListPart> => {
      if (id !== shelf.id) return readList(id, pageParam)
      const { titles, cursor } = await listTitles(pageParam)
      return { list: shelf, titles, next: cursor }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })

export const titleQuery = (id: string) => queryOptions({ queryKey: ['titles', id], queryFn: () => readTitle(id) })

/** Null when this person has not watched the title yet. */
export const progressQuery = (id: string) =>
  queryOptions({ queryKey: ['progress', id], queryFn: () => readProgress(id), refetchOnMount: 'always' })

/** The episode after this one; null after the last. Asked once while one is watched. */
export const nextEpisodeQuery = (id: string) =>
  queryOptions({ queryKey: ['next-episode', id], queryFn: () => readNextEpisode(id), staleTime: 10 * 60_000 })

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

/** Looked at again while somebody watches what they asked for. */
export const tasksQuery = queryOptions({ queryKey: ['tasks'], queryFn: listTasks, refetchInterval: 10_000 })
export const taskRunsQuery = (name: string) =>
  queryOptions({
    queryKey: ['tasks', name],
    queryFn: () => listTaskRuns(name),
    refetchOnMount: 'always',
    refetchInterval: 5000,
  })

/** Of the part of the edge that answers. */
export const cacheQuery = queryOptions({ queryKey: ['cache'], queryFn: readCache, refetchOnMount: 'always' })
export const relayQuery = queryOptions({ queryKey: ['relay'], queryFn: readRelayUsage, refetchOnMount: 'always' })
