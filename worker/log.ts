/** The one logger of the edge: JSON lines, and only the fields listed here; a secret has no field to leak through. */

/** Every field a log line may have. Streams are named by stream id; tokens, cookies and info hashes have no name. */
export type LogFields = {
  correlationId?: string | undefined
  method?: string | undefined
  /** The route's pattern (`/api/stream/:token`), never the path that was asked for. */
  route?: string | undefined
  status?: number | undefined
  durationMs?: number | undefined
  code?: string | undefined
  streamId?: string | undefined
  agentId?: string | undefined
  sourceId?: string | undefined
  personId?: string | undefined
  task?: string | undefined
  /** A fixed word or sentence of ours that says why. */
  reason?: string | undefined
  count?: number | undefined
  error?: unknown
}

const names = new Set<string>([
  'correlationId',
  'method',
  'route',
  'status',
  'durationMs',
  'code',
  'streamId',
  'agentId',
  'sourceId',
  'personId',
  'task',
  'reason',
  'count',
] satisfies (keyof LogFields)[])

export type LogLevel = 'info' | 'warn' | 'error'

/** Writes one line. `event` is a fixed name such as `agent_connected`. */
export function log(level: LogLevel, event: string, fields: LogFields): void {
  console[level === 'info' ? 'log' : level](logLine(level, event, fields, new Date()))
}

/** The line itself; what is not on the list is dropped even when it got past the types. */
export function logLine(level: LogLevel, event: string, fields: LogFields, at: Date): string {
  const kept = Object.entries(fields).filter(([name, value]) => names.has(name) && value !== undefined)
  const plain = kept.map(([name, value]) => [name, typeof value === 'number' ? value : String(value).slice(0, 200)])
  const error = fields.error === undefined ? {} : { error: describeError(fields.error) }
  return JSON.stringify({ at: at.toISOString(), side: 'edge', level, event, ...Object.fromEntries(plain), ...error })
}

/**
 * Name, message and frames of an error and of its cause. A database error's own message quotes the values that were
 * bound (drizzle's "Failed query: … params: …"), so only its cause speaks.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { name: typeof error }
  const quotesValues = error.message.startsWith('Failed query')
  const cause = error.cause === undefined || depth > 2 ? {} : { cause: describeError(error.cause, depth + 1) }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    name: error.name,
    message: quotesValues ? 'a query failed' : error.message.slice(0, 300),
    stack: frames.slice(0, 8).map((frame) => frame.trim()),
    ...cause,
  }
}
