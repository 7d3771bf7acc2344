/** Reads newline-delimited JSON from a streaming answer, one value a line, however the bytes were cut on the way. */
import { AppError } from '#protocol/errors.ts'

/** A line longer than this is not one of ours. */
const LONGEST_LINE = 1024 * 1024

const broken = (cause?: unknown) =>
  new AppError('internal', 'The answer could not be read. Try again in a moment.', { cause })

/** Yields each line's value; empty lines are skipped. Throws AppError `internal` for a line that is not JSON. */
export async function* readNdjson(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw broken()
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield parse(rest)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw broken(cause)
  }
}

/** The chunks of a body; Safari's streams cannot be iterated themselves. Who stops early may still have the rest. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}
