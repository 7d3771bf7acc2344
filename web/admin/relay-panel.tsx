/** What went through the edge because home could not be reached otherwise: by day and viewer, beside its limits. */
import { useQuery } from '@tanstack/react-query'
import type { RelayUsage } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { relayQuery } from '../queries.ts'
import { ErrorNote } from '../ui/error-view.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { fileSize } from '../ui/time-format.ts'
import { limitWords, shownDay, sumOf } from './relay-words.ts'

export function RelayPanel() {
  const { data: usage, error } = useQuery(relayQuery)
  return (
    <section aria-labelledby="through-the-edge" className="mt-8">
      <h2 id="through-the-edge" className="text-xl font-semibold">
        Video through the edge
      </h2>
      <p className="mt-1 max-w-prose text-quiet">
        The last way home, when a screen can reach no box itself. {usage && limitWords(usage)}
      </p>
      {error && !usage && (
        <div className="mt-5">
          <ErrorNote words={wordsFor(error)} />
        </div>
      )}
      {!usage && !error && <Skeleton className="mt-5 h-24" />}
      {usage && usage.days.length === 0 && <p className="mt-4 text-sm text-quiet">Nothing in the last thirty days.</p>}
      {usage && usage.days.length > 0 && <Days days={usage.days} />}
    </section>
  )
}

function Days({ days }: { days: RelayUsage['days'] }) {
  return (
    <ul className="mt-5 divide-y divide-line rounded-[16px] border border-line bg-raised tabular-nums">
      {days.map(({ day, viewers }) => (
        <li key={day} className="px-4 py-3">
          <p className="flex justify-between gap-4 font-semibold">
            <span>{shownDay(day)}</span>
            <span>{fileSize(sumOf(viewers))}</span>
          </p>
          {viewers.map(({ displayName, bytes }) => (
            <p key={displayName} className="flex justify-between gap-4 text-sm text-quiet">
              <span className="truncate">{displayName}</span>
              <span>{fileSize(bytes)}</span>
            </p>
          ))}
        </li>
      ))}
    </ul>
  )
}
