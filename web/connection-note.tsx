/** A quiet line under the header while the device is offline or the edge does not answer. */
import { useQuery } from '@tanstack/react-query'
import { errorWords } from './error-words.ts'
import { failureCode } from './failure.ts'
import { homeQuery } from './queries.ts'
import { useOnline } from './ui/use-online.ts'

export function ConnectionNote() {
  const isOnline = useOnline()
  const { failureReason } = useQuery(homeQuery)
  const isUnreachable = failureReason !== null && failureCode(failureReason) === 'unreachable'
  if (isOnline && !isUnreachable) return null
  const words = isOnline ? errorWords.unreachable : errorWords.offline
  return (
    <p role="status" className="gutter animate-arrive border-b border-line bg-raised py-2 text-center text-sm">
      <strong className="font-semibold">{words.title}</strong> <span className="text-quiet">{words.text}</span>
    </p>
  )
}
