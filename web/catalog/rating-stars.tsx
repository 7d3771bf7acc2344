/** On a title's page: one to ten stars, by finger, mouse or arrow keys, and a way to take them back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { rateTitle, ratingQuery } from '../library-api.ts'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { plural } from '../ui/time-format.ts'

const all = Array.from({ length: 10 }, (_, at) => at + 1)

export function RatingStars({ titleId }: { titleId: string }) {
  const { data: rating } = useQuery(ratingQuery(titleId))
  const rate = useRate(titleId)
  const [pointed, setPointed] = useState<number>()
  if (rating === undefined) return null
  const stars = rating?.stars ?? 0
  const lit = pointed ?? stars
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 max-md:justify-center">
        <fieldset className="flex items-center" onPointerLeave={() => setPointed(undefined)}>
          <legend className="sr-only">Your rating</legend>
          {all.map((value) => (
            <label
              key={value}
              onPointerEnter={({ pointerType }) => pointerType === 'mouse' && setPointed(value)}
              className={`grid h-11 w-[min(2.75rem,8.6vw)] cursor-pointer place-items-center rounded-lg has-focus-visible:outline-2 has-focus-visible:outline-lamp md:w-9 ${value <= lit ? 'text-lamp' : 'text-edge hover:text-ink'}`}
            >
              <input
                type="radio"
                name={`rating-${titleId}`}
                value={value}
                aria-label={plural(value, 'star')}
                checked={value === stars}
                onChange={() => rate.mutate(value)}
                className="sr-only"
              />
              <Icon name={value <= lit ? 'star' : 'noStar'} className="size-6.5" />
            </label>
          ))}
        </fieldset>
        {stars === 0 ? (
          <p className="text-sm text-quiet">How was it?</p>
        ) : (
          <p className="flex items-center text-sm text-quiet tabular-nums">
            {stars} of 10
            <button
              type="button"
              onClick={() => rate.mutate(null)}
              className="ms-1 min-h-11 rounded-lg px-2 underline underline-offset-4 hover:text-ink"
            >
              Take it back
            </button>
          </p>
        )}
      </div>
      {rate.error && <ErrorNote words={wordsFor(rate.error)} />}
    </div>
  )
}

/** Shown at once; what the edge did not take is as it was before. */
function useRate(titleId: string) {
  const client = useQueryClient()
  const { queryKey } = ratingQuery(titleId)
  const mutationKey = ['rate', titleId]
  return useMutation({
    mutationKey,
    mutationFn: (stars: number | null) => rateTitle(titleId, stars),
    // One after the other: of two presses the last one counts.
    scope: { id: `rating-${titleId}` },
    onMutate: async (stars) => {
      await client.cancelQueries({ queryKey })
      client.setQueryData(queryKey, stars === null ? null : { stars, ratedAtMs: Date.now() })
    },
    // While another press waits its turn, what the edge holds is not what was asked for last.
    onSettled: () => (client.isMutating({ mutationKey }) === 1 ? client.invalidateQueries({ queryKey }) : undefined),
  })
}
