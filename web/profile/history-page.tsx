/** What this viewer has watched, day by day, newest first; each viewing can be taken out. */
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { wordsFor } from '../error-words.ts'
import { forgetViewing, type HistoryItem, historyQuery } from '../library-api.ts'
import { Button, Ring } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { LoadingRows, RowsFailed, Tag } from '../ui/panel.tsx'
import { Poster } from '../ui/poster.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { byDay } from './by-day.ts'

export function HistoryPage() {
  usePageTitle('Watched')
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(historyQuery)
  const items = data?.pages.flatMap((page) => page.items)
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="pt-7 pb-4 text-2xl font-semibold sm:pt-10 sm:text-3xl">Watched</h1>
      {!items && !error && <LoadingRows label="Loading what you watched" rows={5} />}
      {!items && error && <RowsFailed words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {items?.length === 0 && (
        <p className="text-quiet">Nothing yet. What you watch to its end is kept here, so that you find it again.</p>
      )}
      {items &&
        byDay(items, Date.now()).map(({ day, items: viewings }) => (
          <section key={day} aria-label={day} className="pb-6">
            <h2 className="sticky top-14 z-10 -mx-4 bg-ground/85 px-4 py-2 text-sm font-semibold text-quiet backdrop-blur-sm sm:top-16">
              {day}
            </h2>
            <ul className="flex flex-col divide-y divide-line">
              {viewings.map((item) => (
                <Viewing key={`${item.watchedAtMs} ${item.title.id}`} item={item} />
              ))}
            </ul>
          </section>
        ))}
      {hasNextPage && (
        <Button look="quiet" isBusy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  )
}

const origins = { porchlight: undefined, marked: 'Marked', trakt: 'From Trakt' } as const

function Viewing({ item }: { item: HistoryItem }) {
  const queryClient = useQueryClient()
  const forget = useMutation({
    mutationFn: () => forgetViewing(item),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: historyQuery.queryKey }),
  })
  const { title, episode, watchedAtMs, origin } = item
  const name = episode ? episode.showName : title.name
  const time = new Date(watchedAtMs).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const line = episode ? `Season ${episode.seasonNumber}, episode ${episode.episodeNumber} · ${title.name}` : title.year
  const mark = origins[origin]
  return (
    <li className="flex items-center gap-4 py-3">
      <Link
        to="/title/$titleId"
        params={{ titleId: episode?.showId ?? title.id }}
        className="flex min-w-0 flex-1 items-center gap-4 rounded-card"
      >
        <span className="aspect-2/3 w-11 shrink-0 overflow-hidden rounded-md border border-line/70">
          <Poster name={name} year={title.year} src={title.poster} hash={title.posterHash} />
        </span>
        <span className="min-w-0">
          <span className="block font-medium break-words">
            {name} {mark && <Tag>{mark}</Tag>}
          </span>
          <span className="block text-sm text-quiet">
            {line === null ? '' : `${line} · `}
            {time}
          </span>
        </span>
      </Link>
      {forget.error && <ErrorNote words={wordsFor(forget.error)} />}
      <button
        type="button"
        aria-label={`Take ${name} out`}
        disabled={forget.isPending}
        onClick={() => forget.mutate()}
        className="grid size-11 shrink-0 place-items-center rounded-full text-quiet hover:bg-ink/8 hover:text-ink"
      >
        {forget.isPending ? <Ring className="size-5" /> : <Icon name="trash" className="size-5" />}
      </button>
    </li>
  )
}
