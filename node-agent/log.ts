/** The agent's log: JSON lines with only the fields listed here, and no secret in any of them. */

/** What a line may say besides time, level and event. A field that is not listed is not written. */
const allowed = [
  'correlationId',
  'streamId',
  'requestId',
  'torrent',
  'code',
  'status',
  'method',
  'transport',
  'kind',
  'stage',
  'peers',
  'pieces',
  'verifiedPieces',
  'checkedPieces',
  'bytes',
  'parts',
  'count',
  'milliseconds',
  'attempt',
  'delaySeconds',
  'closeCode',
  'address',
  'port',
  'provider',
  'task',
  'version',
  'reason',
  'opens',
  'shuts',
  'shutSeconds',
] as const
export type LogFields = Partial<Record<(typeof allowed)[number], string | number | boolean | undefined>>

export type Log = {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  /** An unexpected error, with its cause: the only place where its text is kept. */
  error(event: string, error: unknown, fields?: LogFields): void
}

/** `write` gets one JSON line without its line break. */
export function createLog(write: (line: string) => void, now: () => number = Date.now): Log {
  const line = (level: string, event: string, fields: LogFields = {}, error?: string) => {
    const entry: Record<string, string | number | boolean> = { time: new Date(now()).toISOString(), level, event }
    for (const name of allowed) {
      const value = fields[name]
      if (value !== undefined) entry[name] = typeof value === 'string' ? redact(value) : value
    }
    if (error !== undefined) entry.error = redact(error)
    write(JSON.stringify(entry))
  }
  return {
    info: (event, fields) => line('info', event, fields),
    warn: (event, fields) => line('warn', event, fields),
    error: (event, error, fields) => line('error', event, fields, describe(error)),
  }
}

/** How a torrent is named in a log: enough to tell two apart, too little to look it up. */
export const torrentLabel = (infoHash: string): string => infoHash.slice(0, 8)

/** Takes stream tokens, magnets and info hashes out of a text, and cuts it to 2000 characters. */
export function redact(text: string): string {
  return text
    .replace(/\bv1\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]+)?/g, '[token]')
    .replace(/magnet:\?\S+/g, '[magnet]')
    .replace(/\b([0-9a-f]{8})[0-9a-f]{32}\b/gi, '$1…')
    .slice(0, 2000)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : ` | cause: ${describe(error.cause)}`
  return `${error.stack ?? `${error.name}: ${error.message}`}${cause}`
}
