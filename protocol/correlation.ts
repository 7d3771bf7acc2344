/** The correlation id: born in the browser with a person's action, still there in the agent's torrent log. */
import * as z from 'zod'

/** Sent with every request by the web app; answered with every response; logged by each side. */
export const CORRELATION_HEADER = 'x-correlation-id'

/** 8 to 36 characters that are safe in a header and a log line. */
export const CorrelationId = z.string().regex(/^[A-Za-z0-9_-]{8,36}$/)
export type CorrelationId = z.infer<typeof CorrelationId>

/** The caller's id when it is well formed, else a new one: a hostile header never reaches a log. */
export function correlationIdFrom(header: string | null | undefined): CorrelationId {
  const parsed = CorrelationId.safeParse(header)
  return parsed.success ? parsed.data : newCorrelationId()
}

/** 16 random characters; unique enough to follow one action, too short to be mistaken for a secret. */
export const newCorrelationId = (): CorrelationId => crypto.randomUUID().replaceAll('-', '').slice(0, 16)
