/** The body of an answer from a stranger: all of it, or nothing when it is larger than it may be. */

/** Undefined for a body over `mostBytes`, of which no more than that is read. */
export async function readBounded(answer: Response, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // Leaving the loop ends the answer.
  for await (const chunk of answer.body ?? []) {
    sizeBytes += chunk.length
    if (sizeBytes > mostBytes) return undefined
    chunks.push(chunk)
  }
  const whole = new Uint8Array(sizeBytes)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** The same as text; throws when it is larger. */
export async function readBoundedText(answer: Response, mostBytes: number): Promise<string> {
  const bytes = await readBounded(answer, mostBytes)
  if (!bytes) throw new TypeError('the answer is too large')
  return new TextDecoder().decode(bytes)
}
