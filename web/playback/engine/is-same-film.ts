/** Pure: whether what a player holds of a film stays good when it comes from elsewhere. */
import type { StreamReady } from './stream-answer.ts'

type Opened = Pick<StreamReady, 'sourceId' | 'sizeBytes' | 'contentType' | 'plan'>

/** The same file by the same plan: every agent cuts it alike, so that its segments are the same bytes. */
export function isSameFilm(before: Opened, now: Opened): boolean {
  const { reasons: _, ...planBefore } = before.plan
  const { reasons: __, ...planNow } = now.plan
  return (
    before.sourceId === now.sourceId &&
    before.sizeBytes === now.sizeBytes &&
    before.contentType === now.contentType &&
    sorted(planBefore) === sorted(planNow)
  )
}

/** Two agents of different versions may write a plan's parts in another order. */
const sorted = (plan: object): string => JSON.stringify(Object.entries(plan).sort(([a], [b]) => (a < b ? -1 : 1)))
