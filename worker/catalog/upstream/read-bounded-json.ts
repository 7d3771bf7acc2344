/** JSON of a stranger, of no more than so many bytes. */

/** Throws when it is longer, cut off, or no JSON. */
export async function readBoundedJson(response: Response, mostBytes: number): Promise<unknown> {
  const parts: string[] = []
  const decoder = new TextDecoder()
  let sizeBytes = 0
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > mostBytes) throw new TypeError('the answer is too large')
    parts.push(decoder.decode(chunk, { stream: true }))
  }
  return JSON.parse(parts.join('') + decoder.decode())
}
