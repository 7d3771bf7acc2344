/** Work that is done one after another, and only so much of it. */
import { AppError } from '#protocol/errors.ts'

/** More than these are refused: whoever drags across the bar asks for all of its pictures. */
const MOST_WAITING = 40

/** One after another; who has left before their turn is passed over. Throws `busy`, in these words, when too many wait. */
export function oneAtATime(whenFull: string) {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return <Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> => {
    if (waiting >= MOST_WAITING) return Promise.reject(new AppError('busy', whenFull))
    waiting++
    const turn = last.then(() => {
      signal.throwIfAborted()
      return work()
    })
    last = turn.catch(() => {}).finally(() => waiting--)
    return turn
  }
}
