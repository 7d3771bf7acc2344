/** Says how it went for somebody who comes back from connecting, or confirming with, an account elsewhere. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { currentArrival, forgetArrival } from '../auth/arrival.ts'
import { session } from '../auth/current-session.ts'
import { useWayName } from '../auth/use-way-name.ts'
import { wordsForCode } from '../error-words.ts'
import { linksQuery } from '../identity-queries.ts'
import { ErrorNote } from '../ui/error-view.tsx'

export function ArrivalNote() {
  const queryClient = useQueryClient()
  const wayName = useWayName()
  const [arrival] = useState(currentArrival)
  useEffect(() => {
    if (!arrival) return
    forgetArrival()
    if (arrival.kind === 'linked') queryClient.invalidateQueries({ queryKey: linksQuery.queryKey })
    if (arrival.kind === 'stepped-up') session.renew().catch(() => undefined)
  }, [arrival, queryClient])
  if (arrival?.kind === 'refused')
    return (
      <div className="mb-5">
        <ErrorNote words={wordsForCode(arrival.code)} />
      </div>
    )
  if (arrival?.kind !== 'linked' && arrival?.kind !== 'stepped-up') return null
  return (
    <p role="status" className="mb-5 rounded-card border border-leaf/60 bg-leaf/10 px-4 py-3 text-sm">
      {arrival.kind === 'linked'
        ? `${wayName(arrival.way)} is connected. You can sign in with it now.`
        : 'Thank you, it is you. Do what you wanted to do once more.'}
    </p>
  )
}
