/** Pure: things with a time, in groups of a day each, as the device counts days. */

/** In the order they come; `day` is `Today`, `Yesterday` or a date. */
export function byDay<Item extends { watchedAtMs: number }>(
  items: readonly Item[],
  nowMs: number,
  locale?: string,
): { day: string; items: Item[] }[] {
  const groups = Map.groupBy(items, ({ watchedAtMs }) => dayOf(watchedAtMs, nowMs, locale))
  return [...groups].map(([day, list]) => ({ day, items: list }))
}

function dayOf(atMs: number, nowMs: number, locale: string | undefined): string {
  const [then, now] = [new Date(atMs), new Date(nowMs)]
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)
  if (then.toDateString() === now.toDateString()) return 'Today'
  if (then.toDateString() === yesterday.toDateString()) return 'Yesterday'
  const isThisYear = then.getFullYear() === now.getFullYear()
  const year = isThisYear ? {} : ({ year: 'numeric' } as const)
  return then.toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year })
}
