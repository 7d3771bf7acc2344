/** Saves which pieces are on disk, in batches, and never ahead of the data itself. */

export type BitfieldKeeper = {
  /** A piece has verified: it will be saved with the next batch. */
  changed(): void
  /** Saves now what has changed. False when it could not be saved: it is tried again. Never rejects. */
  flush(): Promise<boolean>
}

/** After a save that failed; in batches. */
const RETRY_BATCHES = 5

/** `sync` forces written pieces to the disk; `snapshot` and `save` are the bitfield as it is now and its place. */
export function keepBitfield(options: {
  sync: () => Promise<void>
  snapshot: () => Uint8Array
  save: (bitfield: Uint8Array) => void
  onError: (error: unknown) => void
  batchMilliseconds?: number
}): BitfieldKeeper {
  const { batchMilliseconds = 1000 } = options
  let timer: NodeJS.Timeout | undefined
  let isDirty = false
  let running = Promise.resolve(true)

  const saveOnce = async () => {
    clearTimeout(timer)
    timer = undefined
    if (!isDirty) return true
    isDirty = false
    // The copy is taken first: a piece that verifies during the sync is not in it.
    const bitfield = Uint8Array.from(options.snapshot())
    try {
      await options.sync()
      options.save(bitfield)
      return true
    } catch (error) {
      isDirty = true
      options.onError(error)
      timer ??= setTimeout(flush, batchMilliseconds * RETRY_BATCHES)
      timer.unref()
      return false
    }
  }
  const flush = () => {
    running = running.then(saveOnce)
    return running
  }
  return {
    changed() {
      isDirty = true
      timer ??= setTimeout(flush, batchMilliseconds)
    },
    flush,
  }
}
