/** Reads a stream of server-sent events (HTML §9.2) out of its bytes; only what they say is of interest here. */

/** The data of each event as it comes. Comments, which only keep the line awake, come as undefined. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string | undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith(':')) yield undefined
      else if (line === '' && data.length > 0) {
        yield data.join('\n')
        data = []
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    }
    if (rest.length + data.length > MOST_CHARACTERS) throw new Error('An event has no end.')
  }
}

/** A status names two hundred ranges at most. */
const MOST_CHARACTERS = 64 * 1024
