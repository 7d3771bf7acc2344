/** Pure: where in our own app a person may be sent after a walk (no open redirector: RFC 9700 §4.11). */
import * as z from 'zod'

/** A bare path of the app: no host, no query, no escape of any kind, nothing of the API. */
export const ReturnPath = z
  .string()
  .max(200)
  .regex(/^\/(?!api(?:\/|$))(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/?)*$/)
export type ReturnPath = z.infer<typeof ReturnPath>
