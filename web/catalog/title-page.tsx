/** A film's own page: what it is, Play or Resume, where its copies are, whom it belongs to. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Title } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { titleQuery } from '../queries.ts'
import { ErrorView } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { Poster } from '../ui/poster.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { fileSize, plural } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ListButtons } from './list-buttons.tsx'
import { PlayButtons } from './play-buttons.tsx'
import { titleLine } from './title-line.ts'

export function TitlePage({ titleId }: { titleId: string }) {
  const { data: title, error, refetch, isFetching } = useQuery(titleQuery(titleId))
  usePageTitle(title?.name)
  if (error && !title) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  if (!title) return <TitleSkeleton />
  return (
    <article className="relative">
      <Backdrop title={title} />
      <div className="relative flex animate-arrive flex-col gap-6 pt-4 sm:pt-8 md:flex-row md:gap-10 lg:gap-14">
        <div className="md:sticky md:top-24 md:self-start">
          <Link to="/" className="mb-4 inline-flex min-h-11 items-center gap-1 pe-3 text-quiet hover:text-ink">
            <Icon name="back" className="size-5" />
            Your films
          </Link>
          <div className="mx-auto aspect-2/3 w-44 overflow-hidden rounded-[16px] border border-line/70 shadow-card md:w-64 lg:w-80">
            <Poster name={title.name} year={title.year} src={title.poster} isFirst />
          </div>
        </div>
        <div className="flex min-w-0 flex-1 flex-col gap-6 md:pt-15">
          <header className="max-md:text-center">
            <h1 className="font-serif text-4xl leading-[1.08] font-bold sm:text-5xl">{title.name}</h1>
            <p className="mt-3 text-quiet">{titleLine(title, title.licence)}</p>
          </header>
          <PlayButtons titleId={title.id} hasSource={title.sources.length > 0} />
          <ListButtons titleId={title.id} />
          <p className="max-w-prose text-lg leading-relaxed">{title.overview}</p>
          <Facts title={title} />
        </div>
      </div>
    </article>
  )
}

/** The poster once more, large and out of focus, as the light of the room. */
function Backdrop({ title }: { title: Title }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute start-1/2 top-0 h-[34rem] w-screen -translate-x-1/2 overflow-hidden opacity-40"
    >
      <Poster name={title.name} year={title.year} src={title.poster} className="scale-110 blur-3xl" />
      <div className="absolute inset-0 bg-linear-to-b from-ground/20 to-ground" />
    </div>
  )
}

function Facts({ title }: { title: Title }) {
  return (
    <dl className="grid max-w-prose grid-cols-[auto_1fr] gap-x-6 gap-y-3 border-t border-line pt-6 text-sm">
      <dt className="text-quiet">Licence</dt>
      <dd>{title.licence}</dd>
      <dt className="text-quiet">Credit</dt>
      <dd>{title.credit}</dd>
      <dt className="text-quiet">Copies</dt>
      <dd>{copies(title.sources)}</dd>
    </dl>
  )
}

function copies(sources: Title['sources']): string {
  if (sources.length === 0) return 'None right now. We keep looking.'
  const sizes = sources.flatMap(({ sizeBytes }) => (sizeBytes === null ? [] : [fileSize(sizeBytes)]))
  const count = plural(sources.length, 'copy', 'copies')
  return sizes.length === 0 ? count : `${count} (${[...new Set(sizes)].join(', ')})`
}

function TitleSkeleton() {
  return (
    <div role="status" aria-label="Loading the film" className="flex flex-col gap-8 pt-19 md:flex-row">
      <Skeleton className="aspect-2/3 w-44 self-center md:w-64 md:self-start lg:w-80" />
      <div className="flex flex-1 flex-col gap-5 md:pt-15">
        <Skeleton className="h-12 w-3/4" />
        <Skeleton className="h-5 w-48" />
        <Skeleton className="h-12 w-full sm:w-56" />
        <Skeleton className="h-32 max-w-prose" />
      </div>
    </div>
  )
}
