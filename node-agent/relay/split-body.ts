/** One body cut into parts of at most so many bytes, each streamed: nothing is gathered in memory. */

export type SplitBody = {
  /** The next part. */
  next(): AsyncGenerator<Uint8Array, void, undefined>
  /** How many bytes of the part given last have been taken. */
  takenBytes(): number
  /** True when the body has no more bytes; looks one chunk ahead. */
  hasEnded(): Promise<boolean>
  /** Ends the body early. */
  close(): Promise<void>
}

export function splitBody(body: AsyncIterable<Uint8Array>, partBytes: number): SplitBody {
  const source = body[Symbol.asyncIterator]()
  let rest: Uint8Array | undefined
  let isOver = false
  let takenBytes = 0

  /** Whatever comes next, or undefined at the end. */
  const peek = async (): Promise<Uint8Array | undefined> => {
    while (!rest?.length && !isOver) {
      const { value, done } = await source.next()
      if (done) isOver = true
      else rest = value
    }
    return rest?.length ? rest : undefined
  }
  return {
    async *next() {
      takenBytes = 0
      while (takenBytes < partBytes) {
        const chunk = await peek()
        if (!chunk) return
        const bytes = chunk.subarray(0, partBytes - takenBytes)
        rest = chunk.subarray(bytes.length)
        takenBytes += bytes.length
        yield bytes
      }
    },
    takenBytes: () => takenBytes,
    hasEnded: async () => (await peek()) === undefined,
    async close() {
      isOver = true
      await source.return?.()
    },
  }
}
