/** Pure: in which steps a person's things at Trakt are read; each is small enough for one request of the free plan. */
import * as z from 'zod'

/** `page` counts from 1; of `lists` it is which of them. `ours` is what only we have. */
export const Step = z.strictObject({
  kind: z.enum(['history', 'playback', 'ratings', 'watchlist', 'collection', 'lists', 'ours']),
  page: z.int().min(1).max(10_000),
})
export type Step = z.infer<typeof Step>

export const STEP_KINDS: readonly Step['kind'][] = [
  'history',
  'playback',
  'ratings',
  'watchlist',
  'collection',
  'lists',
  'ours',
]
export const FIRST_STEP: Step = { kind: 'history', page: 1 }

/** The one after it among `kinds`; null at the end. */
export function nextStep(step: Step, pageCount: number, kinds: readonly Step['kind'][] = STEP_KINDS): Step | null {
  if (step.page < pageCount) return { kind: step.kind, page: step.page + 1 }
  const after = STEP_KINDS.slice(STEP_KINDS.indexOf(step.kind) + 1).find((kind) => kinds.includes(kind))
  return after === undefined ? null : { kind: after, page: 1 }
}

/** Which steps what happened at Trakt since `seen` calls for; ours goes along with whatever does. */
export function changedKinds(seen: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) {
  const watches: Record<string, Step['kind'][]> = {
    watched_at: ['history'],
    paused_at: ['playback'],
    rated_at: ['ratings'],
    watchlisted_at: ['watchlist'],
    'watchlist.updated_at': ['watchlist'],
    collected_at: ['collection'],
    'lists.updated_at': ['lists'],
  }
  const kinds = new Set<Step['kind']>()
  for (const [name, at] of Object.entries(now)) {
    if (seen[name] === at) continue
    const short = name.slice(name.indexOf('.') + 1)
    for (const kind of watches[name] ?? watches[short] ?? []) kinds.add(kind)
  }
  return STEP_KINDS.filter((kind) => kinds.has(kind))
}
