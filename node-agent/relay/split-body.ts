/** One body cut into parts of at most so many bytes, each streamed: nothing is gathered in memory. */

export type SplitBody = {
  /** The next part. `isEmpty` afterwards says whether the body had ended before it. */
  next(): AsyncGenerator<Uint8Array, void, undefined>
  /** True when the body has no more bytes; looks one chunk ahead. */
  hasEnded(): Promise<boolean>
  /** Ends the body early. */
  close(): Promise<void>
}

export function splitBody(body: AsyncIterable<Uint8Array>, partBytes: number): SplitBody {
  const source = body[Symbol.asyncIterator]()
  let rest: Uint8Array | undefined
  let isOver = false

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
      for (let left = partBytes; left > 0; ) {
        const chunk = await peek()
        if (!chunk) return
        const bytes = chunk.subarray(0, left)
        rest = chunk.subarray(bytes.length)
        left -= bytes.length
        yield bytes
      }
    },
    hasEnded: async () => (await peek()) === undefined,
    async close() {
      isOver = true
      await source.return?.()
    },
  }
}
