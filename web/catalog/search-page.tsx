/** Search as you type: what is known here at once, and, when the fingers rest, what TMDB knows besides. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { SearchAnswer } from '../api.ts'
import { forgetSearches, rememberSearch } from '../edge-api.ts'
import { wordsFor } from '../error-words.ts'
import { searchesQuery, searchQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorView } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { SearchFilters } from './search-filters.tsx'
import { readWish, type SearchWish } from './search-wish.ts'
import { TitleGrid, TitleGridSkeleton } from './title-grid.tsx'
import { TmdbNote } from './tmdb-note.tsx'

/** As long as a pause between two words. */
const REST_MS = 450
const LEAST_LETTERS = 2

export function SearchPage({ wish, onWish }: { wish: SearchWish; onWish: (wish: SearchWish) => void }) {
  usePageTitle('Search')
  const text = wish.q ?? ''
  const field = useRef<HTMLInputElement>(null)
  // The one thing this page is for.
  useEffect(() => field.current?.focus(), [])
  // The address follows the fingers a moment later: it writes into the field only when they are elsewhere.
  useEffect(() => {
    const { current } = field
    if (current && current !== document.activeElement) current.value = text
  }, [text])
  const searchAgain = (q: string) => {
    if (field.current) field.current.value = q
    onWish(readWish({ ...wish, q }))
  }
  const rested = useRested(wish)
  const isAsked = text.trim().length >= LEAST_LETTERS
  const known = useQuery({ ...searchQuery({ ...wish, q: text, scope: 'known' }), enabled: isAsked })
  const all = useQuery({
    ...searchQuery({ ...rested, q: rested.q ?? '', scope: 'all' }),
    enabled: isAsked && rested === wish,
  })
  const isWhole = rested === wish && all.data !== undefined && !all.isPlaceholderData
  const answer = isWhole ? all.data : known.data
  return (
    <>
      <h1 className="sr-only">Search</h1>
      <div className="relative pt-6 sm:pt-9">
        <Icon name="search" className="pointer-events-none absolute start-4 bottom-4 size-6 text-quiet" />
        <input
          type="search"
          aria-label="Film, show or person"
          placeholder="Film, show or person"
          ref={field}
          enterKeyHint="search"
          autoComplete="off"
          maxLength={100}
          defaultValue={text}
          onChange={(event) => onWish(readWish({ ...wish, q: event.target.value }))}
          className="min-h-14 w-full rounded-card border border-edge bg-raised ps-13 pe-4 text-lg placeholder:text-quiet/70"
        />
      </div>
      <SearchFilters wish={wish} onWish={onWish} />
      {isAsked ? (
        <Results
          answer={answer}
          text={text}
          error={known.error ?? all.error}
          isWhole={isWhole}
          onRetry={known.refetch}
        />
      ) : (
        <Recent onText={searchAgain} />
      )}
      <TmdbNote upstream={all.data?.upstream ?? null} />
    </>
  )
}

/** The wish once it has not changed for a while. */
function useRested(wish: SearchWish): SearchWish {
  const [rested, setRested] = useState(wish)
  useEffect(() => {
    const timer = setTimeout(() => setRested(wish), REST_MS)
    return () => clearTimeout(timer)
  }, [wish])
  return rested
}

type ResultsProps = {
  answer: SearchAnswer | undefined
  text: string
  error: Error | null
  isWhole: boolean
  onRetry: () => void
}

function Results({ answer, text, error, isWhole, onRetry }: ResultsProps) {
  const queryClient = useQueryClient()
  const found = answer?.results.length ?? 0
  // What led to a film is worth offering again; what is not kept now is only not offered.
  const keep = () =>
    void rememberSearch(text.trim()).then(
      () => queryClient.invalidateQueries({ queryKey: searchesQuery.queryKey }),
      () => undefined,
    )
  if (!answer && error) return <ErrorView words={wordsFor(error)} onRetry={onRetry} isRetrying={false} />
  if (!answer) return <TitleGridSkeleton />
  return (
    <section aria-label="What was found">
      <p role="status" className="pb-4 text-sm text-quiet">
        {answer.correctedTo !== null && found > 0 && `Shown for “${answer.correctedTo}”.`}
        {found === 0 && !isWhole && 'Looking further…'}
      </p>
      {found === 0 && isWhole && (
        <p className="rounded-[16px] border border-dashed border-line px-6 py-14 text-center text-quiet">
          Nothing is called that. Try fewer letters, or another filter.
        </p>
      )}
      <TitleGrid titles={answer.results} onOpen={keep} />
    </section>
  )
}

function Recent({ onText }: { onText: (text: string) => void }) {
  const { data: searches } = useQuery(searchesQuery)
  const queryClient = useQueryClient()
  const forget = useMutation({
    mutationFn: forgetSearches,
    onSettled: () => queryClient.invalidateQueries({ queryKey: searchesQuery.queryKey }),
  })
  if (!searches || searches.length === 0) return null
  return (
    <section aria-labelledby="recent">
      <div className="flex items-center justify-between gap-4 pb-2">
        <h2 id="recent" className="text-xl font-semibold">
          Lately
        </h2>
        <Button look="plain" isBusy={forget.isPending} onClick={() => forget.mutate()}>
          Forget them
        </Button>
      </div>
      <ul className="flex flex-wrap gap-2">
        {searches.map((text) => (
          <li key={text}>
            <Button look="quiet" onClick={() => onText(text)}>
              {text}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
