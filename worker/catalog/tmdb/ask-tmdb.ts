/**
 * One question to TMDB (API v3): through the gate, bounded in time and size, parsed at the door. What it answers is a
 * stranger's; that it does not answer is no failure of ours, and has an error of its own so that nobody's page breaks.
 */
import type * as z from 'zod'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { readBoundedText } from '../../read-bounded.ts'
import { retryAfterSeconds } from '../upstream/breaker.ts'
import type { Priority } from '../upstream/upstream-gate.ts'
import { TMDB_API, TMDB_PER_SECOND } from './tmdb-settings.ts'

const ANSWER_MS = 6000
const MOST_BYTES = 4 * 1024 * 1024

/** `gone`: TMDB says there is no such thing. `off`: no key. `refused`: the key is not accepted. `away`: all else. */
export type TmdbTrouble = 'off' | 'away' | 'gone' | 'refused'

export class TmdbError extends Error {
  override readonly name = 'TmdbError'
  readonly trouble: TmdbTrouble

  constructor(trouble: TmdbTrouble, options?: ErrorOptions) {
    super(`TMDB: ${trouble}`, options)
    this.trouble = trouble
  }
}

/** How long a caller waits for its turn: a person not at all long, a task for most of a run. */
const patienceMs: Record<Priority, number> = { person: 1500, task: 20_000 }

type Question<Schema extends z.ZodType> = {
  path: string
  query?: Record<string, string>
  schema: Schema
  priority: Priority
}

/** Throws `TmdbError` and nothing else. */
export async function askTmdb<Schema extends z.ZodType>(
  edge: Edge,
  { path, query = {}, schema, priority }: Question<Schema>,
): Promise<z.infer<Schema>> {
  const { TMDB_TOKEN: token, TMDB_URL: base, UPSTREAM_GATE: gates } = edge.env
  if (!token) throw new TmdbError('off')
  const gate = gates.get(gates.idFromName('tmdb'))
  try {
    const admission = await gate.enter(priority, TMDB_PER_SECOND, patienceMs[priority])
    if (admission === 'away' || admission === 'late') throw new TmdbError('away')
    const response = await fetch(`${base || TMDB_API}${path}?${new URLSearchParams(query)}`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (response.status === 429) {
      const seconds = retryAfterSeconds(response.headers.get('retry-after'), Date.now())
      await gate.tell({ kind: 'paused', seconds })
      throw new TmdbError('away')
    }
    if (admission === 'probe' && response.status < 500) await gate.tell({ kind: 'answered' })
    if (response.status === 404) throw new TmdbError('gone')
    if (response.status === 401 || response.status === 403) {
      log('error', 'tmdb_token_refused', { correlationId: edge.correlationId, status: response.status })
      throw new TmdbError('refused')
    }
    if (!response.ok) throw new TypeError(`status ${response.status}`)
    return schema.parse(JSON.parse(await readBoundedText(response, MOST_BYTES)))
  } catch (cause) {
    if (cause instanceof TmdbError) throw cause
    log('warn', 'tmdb_failed', { correlationId: edge.correlationId, error: cause })
    // It may be the gate itself that fails: a day's requests to Durable Objects are counted on the free plan.
    await gate.tell({ kind: 'failed' }).catch(() => undefined)
    throw new TmdbError('away', { cause })
  }
}

/** What a page says of TMDB: it is there, it is away for now, or nobody set it up. */
export type TmdbState = 'on' | 'away' | 'off'

export const stateAfter = (error: unknown): TmdbState => {
  if (!(error instanceof TmdbError)) throw error
  return error.trouble === 'off' ? 'off' : error.trouble === 'gone' ? 'on' : 'away'
}
