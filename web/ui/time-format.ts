/** Times, sizes and speeds as people read them. */

/** `7:05` or `1:02:03`; never negative, never NaN. */
export function clock(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${padded(m)}:${padded(s)}` : `${m}:${padded(s)}`
}

/** `1 hour 2 minutes 3 seconds`, for screen readers. */
export function spokenTime(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0
  const parts = [
    [Math.floor(whole / 3600), 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ] as const
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => plural(n, unit))
  return said.length > 0 ? said.join(' ') : '0 seconds'
}

/** `1 peer`, `3 peers`, `2 copies`. */
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** `52 min` or `1 h 34 min`. Under a minute it is `1 min`. */
export function runtime(minutes: number): string {
  const whole = Math.max(1, Math.round(minutes))
  if (whole < 60) return `${whole} min`
  return whole % 60 === 0 ? `${whole / 60} h` : `${Math.floor(whole / 60)} h ${whole % 60} min`
}

/** `23 MB`, `1.4 GB`; decimal units, as on the box that a disk came in. */
export function fileSize(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'] as const
  let [value, unit] = [bytes / 1000, 0]
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1]
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

/** `2.4 MB/s`. */
export const speed = (bytesPerSecond: number): string => `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`

/** `at 21:14`, `yesterday at 21:14`, `on 3 November`, to end a sentence; the time zone and language are the device's. */
export function since(epochSeconds: number, nowMs: number, locale?: string): string {
  const { day, time, date } = dayAndTime(epochSeconds, nowMs, locale)
  if (day === undefined) return `on ${date}`
  return day === 'Today' ? `at ${time}` : `yesterday at ${time}`
}

/** `Today, 21:14`, `Yesterday, 21:14`, `3 November`: the same, where it stands alone. */
export function when(epochSeconds: number, nowMs: number, locale?: string): string {
  const { day, time, date } = dayAndTime(epochSeconds, nowMs, locale)
  return day === undefined ? date : `${day}, ${time}`
}

function dayAndTime(epochSeconds: number, nowMs: number, locale: string | undefined) {
  const then = new Date(epochSeconds * 1000)
  const days = Math.round((startOfDay(new Date(nowMs)) - startOfDay(then)) / 86_400_000)
  return {
    day: days <= 0 ? ('Today' as const) : days === 1 ? ('Yesterday' as const) : undefined,
    time: then.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: then.toLocaleDateString(locale, { day: 'numeric', month: 'long' }),
  }
}

const startOfDay = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

/** `29 November 2026`, in the device's language and time zone. */
export const longDate = (epochSeconds: number, locale?: string): string =>
  new Date(epochSeconds * 1000).toLocaleDateString(locale, { day: 'numeric', month: 'long', year: 'numeric' })
