/** The front room: what was begun, a film to begin with, a row for each reason to watch, and what is at home. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FrontPage } from '../api.ts'
import { useSession } from '../auth/current-session.ts'
import { wordsFor } from '../error-words.ts'
import { watchingQuery } from '../identity-queries.ts'
import { frontPageQuery } from '../queries.ts'
import { ErrorView } from '../ui/error-view.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ContinueRow } from './continue-row.tsx'
import { EpisodeCard } from './episode-card.tsx'
import { FeaturedTitle } from './featured-title.tsx'
import { greeting } from './greeting.ts'
import { Row, RowHead } from './row.tsx'
import { TitleCard } from './title-card.tsx'
import { TitleGrid, TitleGridSkeleton } from './title-grid.tsx'

export function BrowsePage() {
  usePageTitle(undefined)
  const { data: page, error, refetch, isFetching } = useQuery(frontPageQuery)
  if (error && !page) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  if (!page) return <BrowseSkeleton />
  const rows = page.rows.filter(({ id }) => id !== 'shelf')
  const shelf = page.rows.find(({ id }) => id === 'shelf')
  return (
    <>
      <Greeting />
      <div className="flex flex-col gap-10">
        <ContinueRow items={page.continueWatching} />
        {page.featured && <FeaturedTitle title={page.featured} />}
        <NextUp items={page.nextUp} />
        {rows.map(({ id, name, listId, titles }) => (
          <Row key={id} name={name} listId={listId} cardWidth="w-32 sm:w-44">
            {titles.map((title) => (
              <TitleCard key={title.id} title={title} />
            ))}
          </Row>
        ))}
        <Shelf shelf={shelf} />
      </div>
      <p className="pt-14 text-center text-sm text-quiet">Licence and credit stand on each film’s page.</p>
    </>
  )
}

function NextUp({ items }: { items: FrontPage['nextUp'] }) {
  return (
    <Row name="Next up" cardWidth="w-[17rem] sm:w-80">
      {items.map((item) => (
        <EpisodeCard key={item.title.id} item={item} />
      ))}
    </Row>
  )
}

function Shelf({ shelf }: { shelf: FrontPage['rows'][number] | undefined }) {
  return (
    <section aria-labelledby="shelf">
      <RowHead id="shelf" name="At home" listId={shelf?.listId ?? null} />
      {shelf ? <TitleGrid titles={shelf.titles} /> : <EmptyShelf />}
    </section>
  )
}

function Greeting() {
  const state = useSession()
  const [words] = useState(() => greeting(new Date().getHours()))
  const { data: household } = useQuery(watchingQuery)
  const person = state.status === 'signed-in' ? state.person.displayName : undefined
  const name = (household?.current?.name ?? person)?.split(' ')[0]
  return (
    <h1 className="pt-6 pb-4 text-2xl font-semibold sm:pt-9 sm:text-3xl">
      {words}
      {name !== undefined && `, ${name}`}
    </h1>
  )
}

function EmptyShelf() {
  return (
    <div className="flex flex-col items-center gap-3 rounded-[16px] border border-dashed border-line px-6 py-14 text-center">
      <Lamp isLit={false} className="size-12" />
      <p className="font-semibold">The shelf is empty.</p>
      <p className="max-w-sm text-quiet">Films appear here as soon as your home offers some. Leave this page open.</p>
    </div>
  )
}

function BrowseSkeleton() {
  return (
    <div role="status" aria-label="Loading your films">
      <Skeleton className="mt-7 mb-5 h-8 w-56" />
      <Skeleton className="aspect-4/5 rounded-[20px] sm:aspect-21/9" />
      <Skeleton className="mt-12 mb-4 h-6 w-32" />
      <TitleGridSkeleton />
    </div>
  )
}
