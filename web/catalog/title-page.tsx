/** A film's own page: what it is, Play or Resume, where its copies are, whom it belongs to. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, Suspense, useState } from 'react'
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
import { RatingStars } from './rating-stars.tsx'
import { Row } from './row.tsx'
import { TitleCard } from './title-card.tsx'
import { titleLine } from './title-line.ts'
import { TitleParts } from './title-parts.tsx'
import { TmdbNote } from './tmdb-note.tsx'
import { useTitleSearch } from './use-title-search.ts'
import { WatchedButton } from './watched-button.tsx'

type TitlePageProps = {
  titleId: string
  /** Its copies in order, which is the business of whoever plays them. */
  sourceList: ReactNode
  /** What only an admin does with them. */
  sourceTools: (title: Title) => ReactNode
}

export function TitlePage({ titleId, sourceList, sourceTools }: TitlePageProps) {
  const { data: title, error, refetch, isFetching } = useQuery(titleQuery(titleId))
  const isLooking = useTitleSearch(title)
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
            <Poster name={title.name} year={title.year} src={title.poster} hash={title.posterHash} isFirst />
          </div>
        </div>
        <div className="flex min-w-0 flex-1 flex-col gap-6 md:pt-15">
          <header className="max-md:text-center">
            <h1 className="font-serif text-4xl leading-[1.08] font-bold sm:text-5xl">{title.name}</h1>
            {title.show && (
              <Link
                to="/title/$titleId"
                params={{ titleId: title.show.id }}
                className="mb-2 inline-block text-quiet underline-offset-4 hover:text-ink hover:underline"
              >
                {title.show.name}
                {title.episodeNumber !== null && ` · S${title.seasonNumber} E${title.episodeNumber}`}
              </Link>
            )}
            <p className="mt-3 text-quiet">
              {titleLine(title, title.certification ?? '', ...title.genres.slice(0, 3).map(({ name }) => name))}
            </p>
          </header>
          {isPlayable(title) && <PlayButtons titleId={title.id} hasSource={title.sources.length > 0} />}
          <div className="flex flex-wrap items-center gap-3 empty:hidden max-md:justify-center">
            {(title.kind === 'movie' || title.kind === 'show') && <ListButtons titleId={title.id} />}
            <WatchedButton titleId={title.id} />
          </div>
          {title.kind !== 'season' && <RatingStars titleId={title.id} />}
          {title.tagline !== null && <p className="font-serif text-xl text-quiet italic">{title.tagline}</p>}
          {title.overview !== '' && <p className="max-w-prose text-lg leading-relaxed">{title.overview}</p>}
          <Facts title={title} isLooking={isLooking} />
          {title.sources.length > 1 && <Suspense>{sourceList}</Suspense>}
          <Suspense>{sourceTools(title)}</Suspense>
        </div>
      </div>
      <div className="relative flex flex-col gap-10 pt-12 empty:hidden">
        <TitleParts title={title} />
        <Row name="Cast" cardWidth="w-24 sm:w-28">
          {title.credits
            .filter(({ job }) => job === 'cast')
            .map(({ name, character, portrait }) => (
              <CastMember key={`${name} ${character}`} name={name} character={character} portrait={portrait} />
            ))}
        </Row>
        <Row name="More like this" cardWidth="w-32 sm:w-44">
          {title.recommendations.map((card) => (
            <TitleCard key={card.id} title={card} />
          ))}
        </Row>
      </div>
      <TmdbNote upstream={title.upstream} />
    </article>
  )
}

type CastMemberProps = Pick<Title['credits'][number], 'name' | 'character' | 'portrait'>

function CastMember({ name, character, portrait }: CastMemberProps) {
  const [isBroken, setIsBroken] = useState(false)
  return (
    <div className="text-center text-sm">
      <div className="mx-auto mb-2 grid size-20 place-items-center overflow-hidden rounded-full border border-line bg-raised text-2xl text-quiet sm:size-24">
        {portrait === null || isBroken ? (
          [...name][0]
        ) : (
          <img
            src={portrait}
            alt=""
            loading="lazy"
            decoding="async"
            onError={() => setIsBroken(true)}
            className="size-full object-cover"
          />
        )}
      </div>
      <p className="leading-snug font-semibold">{name}</p>
      {character !== null && <p className="text-quiet">{character}</p>}
    </div>
  )
}

/** A show and a season play by their episodes. */
const isPlayable = ({ kind }: Title) => kind === 'movie' || kind === 'episode'

/** The poster once more, large and out of focus, as the light of the room. */
function Backdrop({ title }: { title: Title }) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute start-1/2 top-0 h-[34rem] w-screen -translate-x-1/2 overflow-hidden opacity-40"
    >
      <Poster
        name={title.name}
        year={title.year}
        src={title.poster}
        hash={title.posterHash}
        className="scale-110 blur-3xl"
      />
      <div className="absolute inset-0 bg-linear-to-b from-ground/20 to-ground" />
    </div>
  )
}

function Facts({ title, isLooking }: { title: Title; isLooking: boolean }) {
  return (
    <dl className="grid max-w-prose grid-cols-[auto_1fr] gap-x-6 gap-y-3 border-t border-line pt-6 text-sm empty:hidden">
      <Fact name="Directed by" value={peopleOf(title, 'director')} />
      <Fact name="Created by" value={peopleOf(title, 'creator')} />
      <Fact name="Licence" value={title.licence} />
      <Fact name="Credit" value={title.credit} />
      {title.kind !== 'show' && title.kind !== 'season' && (
        <Fact name="Copies" value={copies(title.sources, isLooking)} />
      )}
    </dl>
  )
}

/** Nothing where nothing is known. */
function Fact({ name, value }: { name: string; value: string }) {
  if (value === '') return null
  return (
    <>
      <dt className="text-quiet">{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

const peopleOf = ({ credits }: Title, job: Title['credits'][number]['job']) =>
  credits
    .filter((credit) => credit.job === job)
    .map(({ name }) => name)
    .join(', ')

function copies(sources: Title['sources'], isLooking: boolean): string {
  if (sources.length === 0) return isLooking ? 'Looking for copies…' : 'None right now. We keep looking.'
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
