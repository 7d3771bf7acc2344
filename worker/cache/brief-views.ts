/** What this isolate may say again for some seconds without asking D1: emptied by whatever is written through it. */

/** What was changed elsewhere, by another isolate or by a task, is seen here within this time. */
export const VIEW_SECONDS = 5

type View<Value> = { value: Value; readAt: number }

const everyView = new Set<Map<string, unknown>>()
/** How often something was written through this isolate: what was read before that is not kept after it. */
let writes = 0

/**
 * Looks something up by its key: as it was read at most five seconds ago, else by `read`, and kept if `mayKeep` says so.
 * `mostKept`: beyond them nothing is remembered rather than the memory filled.
 */
export function briefView<Value>({
  mostKept,
  mayKeep = () => true,
}: {
  mostKept: number
  mayKeep?: (value: Value) => boolean
}) {
  const views = new Map<string, View<Value>>()
  everyView.add(views)
  return async (key: string, now: number, read: () => Promise<Value>): Promise<Value> => {
    const known = views.get(key)
    if (known && now >= known.readAt && now - known.readAt < VIEW_SECONDS) return known.value
    const writesBefore = writes
    const value = await read()
    if (writes === writesBefore && mayKeep(value)) {
      if (views.size >= mostKept) views.clear()
      views.set(key, { value, readAt: now })
    }
    return value
  }
}

export function forgetViews(): void {
  writes++
  for (const views of everyView) views.clear()
}
