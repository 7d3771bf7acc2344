/** Pure: how long an answer asks to be left alone (RFC 9110 §10.2.3). */

/** From `Retry-After`, in seconds or as a date; undefined when it says neither. `nowMs` is epoch milliseconds. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const at = text === '' ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - nowMs) / 1000)
}
