/** The front room: a film to begin with, what was begun, and everything that can be watched. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../auth/current-session.ts'
import { wordsFor } from '../error-words.ts'
import { titlesQuery } from '../queries.ts'
import { ErrorView } from '../ui/error-view.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { ContinueRow } from './continue-row.tsx'
import { FeaturedTitle } from './featured-title.tsx'
import { greeting } from './greeting.ts'
import { TitleCard } from './title-card.tsx'

const grid = 'grid grid-cols-2 gap-x-4 gap-y-7 sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] sm:gap-x-6'

export function BrowsePage() {
  usePageTitle(undefined)
  const { data: titles, error, refetch, isFetching } = useQuery(titlesQuery)
  if (error && !titles) return <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />
  if (!titles) return <BrowseSkeleton />
  const [first] = titles
  return (
    <>
      <Greeting />
      <ContinueRow />
      {first && <FeaturedTitle title={first} />}
      <section aria-labelledby="films" className="pt-10">
        <h2 id="films" className="mb-4 text-xl font-semibold">
          Open films
        </h2>
        {titles.length === 0 ? (
          <EmptyShelf />
        ) : (
          <ul className={grid}>
            {titles.map((title, i) => (
              <li key={title.id}>
                <TitleCard title={title} isFirst={i < 2} />
              </li>
            ))}
          </ul>
        )}
      </section>
      <p className="pt-14 text-center text-sm text-quiet">
        Every film here is in the public domain or under an open licence. Credit stands on each film’s page.
      </p>
    </>
  )
}

function Greeting() {
  const state = useSession()
  const [words] = useState(() => greeting(new Date().getHours()))
  const name = state.status === 'signed-in' ? state.person.displayName.split(' ')[0] : undefined
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
      <div className={grid}>
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} className="aspect-2/3" />
        ))}
      </div>
    </div>
  )
}
