/** What was watched and what Trakt knows of it, as functions and queries of the person who is signed in. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { InferRequestType, InferResponseType } from 'hono/client'
import { json } from './api.ts'
import { api } from './edge-api.ts'
import { answered } from './failure.ts'

const { history, trakt } = api

export type HistoryItem = InferResponseType<typeof history.$get, 200>['items'][number]
export type MarkWatched = InferRequestType<typeof history.marks.$post>['json']
export type TraktStatus = InferResponseType<typeof trakt.$get, 200>
export type PreviewPart = InferResponseType<typeof trakt.preview.$post, 200>

export const historyQuery = infiniteQueryOptions({
  queryKey: ['history'],
  queryFn: ({ pageParam }) => json(history.$get({ query: pageParam === undefined ? {} : { cursor: pageParam } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: ({ next }) => next ?? undefined,
  refetchOnMount: 'always',
})
export const forgetViewing = ({ title, watchedAtMs }: Pick<HistoryItem, 'title' | 'watchedAtMs'>) =>
  answered(
    history[':titleId'][':watchedAtMs'].$delete({ param: { titleId: title.id, watchedAtMs: String(watchedAtMs) } }),
  )
/** Until it is watched again; of a show, what comes next in it. */
export const hideProgress = (titleId: string) => answered(api.progress[':titleId'].$delete({ param: { titleId } }))
export const markWatched = (mark: MarkWatched) => answered(history.marks.$post({ json: mark }))

/** How much of a title this viewer has watched. */
export const watchedQuery = (titleId: string) =>
  queryOptions({
    queryKey: ['history', 'marks', titleId],
    queryFn: () => json(history.marks[':titleId'].$get({ param: { titleId } })),
    refetchOnMount: 'always',
  })

/** Null: this viewer has not rated it. */
export const ratingQuery = (titleId: string) =>
  queryOptions({
    queryKey: ['ratings', titleId],
    queryFn: () => json(api.ratings[':titleId'].$get({ param: { titleId } })),
  })
/** 1 to 10; null takes it back. */
export const rateTitle = (titleId: string, stars: number | null) =>
  answered(
    stars === null
      ? api.ratings[':titleId'].$delete({ param: { titleId } })
      : api.ratings[':titleId'].$put({ param: { titleId }, json: { stars } }),
  )

/** Asked again while an import is on its way: the cron goes on with it, too. */
export const traktQuery = queryOptions({
  queryKey: ['trakt'],
  queryFn: () => json(trakt.$get()),
  refetchOnMount: 'always',
  refetchInterval: ({ state: { data } }) => (data?.sync?.isImporting ? 10_000 : false),
})
export const syncTrakt = () => json(trakt.sync.$post())
export const disconnectTrakt = () => answered(trakt.$delete())

/** Part after part, each given as it comes; writes nothing. */
export async function previewTrakt(onPart: (part: PreviewPart) => void, signal: AbortSignal): Promise<void> {
  let step: PreviewPart['next'] | undefined
  do {
    const part: PreviewPart = await json(trakt.preview.$post({ json: step ? { step } : {} }, { init: { signal } }))
    onPart(part)
    step = part.next
  } while (step && !signal.aborted)
}

/** Request after request, until everything was brought here or Trakt has to be waited for. */
export async function importTrakt(onStatus: (status: TraktStatus) => void): Promise<TraktStatus> {
  let status = await json(trakt.import.$post())
  onStatus(status)
  while (status.sync?.isImporting && status.sync.problem === null) {
    status = await syncTrakt()
    onStatus(status)
  }
  return status
}
