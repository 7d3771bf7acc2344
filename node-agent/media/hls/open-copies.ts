/** Films that are being copied from: each is opened by mediabunny once, kept while it is used, and put away when idle. */
import type { InputAudioTrack, InputVideoTrack } from 'mediabunny'
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../film.ts'
import { readSampleTables, type SampleTable } from '../inside/mp4-table.ts'
import { type OpenInput, openInput } from '../inside/open-input.ts'
import { createMemoryPool, type MemoryPool } from './memory-pool.ts'
import { createSharedRanges, type SharedRanges } from './shared-ranges.ts'

/** How long an unused film stays open. */
const IDLE_MILLISECONDS = 60_000
const MOST_OPEN = 8
/** What is on disk is read in such blocks: a frame at a time costs a call each. */
const BLOCK_BYTES = 512 * 1024
const MOST_BLOCKS = 48

export type Copies = {
  ranges: SharedRanges
  memory: MemoryPool
  /** Runs `work` on a track of the film. Rejects with `not_found` for a track that is not there. */
  use<Result>(
    film: Film,
    trackId: number,
    signal: AbortSignal,
    work: (track: InputVideoTrack | InputAudioTrack) => Promise<Result>,
  ): Promise<Result>
  /** The samples of a track of an MP4; undefined for other containers, and for tables that cannot be read here. */
  table(film: Film, trackId: number, signal: AbortSignal): Promise<SampleTable | undefined>
  close(): void
}

type Open = {
  film: Film
  opened: OpenInput
  users: number
  life: AbortController
  idle?: NodeJS.Timeout
  tables?: Tables
}
type Tables = Promise<SampleTable[] | undefined>

export function createCopies(): Copies {
  const memory = createMemoryPool()
  const open = new Map<string, Open>()
  const drop = (key: string, entry: Open) => {
    clearTimeout(entry.idle)
    if (open.get(key) === entry) open.delete(key)
    entry.life.abort(new AppError('timed_out', 'Nobody is waiting for this film any more.'))
    entry.opened.close()
  }
  const begin = (key: string, film: Film): Open => {
    const life = new AbortController()
    const entry: Open = { film, users: 0, life, opened: undefined as never }
    const read = readInBlocks(() => entry.film, life.signal)
    entry.opened = openInput(film.sizeBytes, read, Number.POSITIVE_INFINITY)
    open.set(key, entry)
    for (const [old, other] of open) if (open.size > MOST_OPEN && other.users === 0 && other !== entry) drop(old, other)
    return entry
  }
  const tablesOf = (film: Film): Tables => {
    const key = `${film.sourceId} ${film.etag}`
    const entry = open.get(key) ?? begin(key, film)
    entry.tables ??= readSampleTables(film.sizeBytes, (start, end) => entry.film.read(start, end, entry.life.signal))
    // What failed once must not fail for ever.
    entry.tables.catch(() => drop(key, entry))
    if (entry.users === 0) {
      clearTimeout(entry.idle)
      entry.idle = setTimeout(() => drop(key, entry), IDLE_MILLISECONDS).unref()
    }
    return entry.tables
  }
  return {
    async table(film, trackId, signal) {
      const tables = await untilAborted(signal, () => tablesOf(film))
      return tables?.find((table) => table.trackId === trackId)
    },
    ...{ memory, ranges: createSharedRanges(memory) },
    async use(film, trackId, signal, work) {
      const key = `${film.sourceId} ${film.etag}`
      const entry = open.get(key) ?? begin(key, film)
      // The newest is the one whose torrent is surely open.
      entry.film = film
      entry.users += 1
      clearTimeout(entry.idle)
      try {
        return await untilAborted(signal, async () => {
          const tracks = await entry.opened.input.getTracks()
          const track = tracks.find(({ id }) => id === trackId)
          if (!track || !(track.isVideoTrack() || track.isAudioTrack())) {
            throw new AppError('not_found', 'The film has no such track.')
          }
          return work(track)
        })
      } catch (error) {
        const failure = entry.opened.failure()
        // Whoever comes next begins anew: what failed once must not fail for ever.
        if (failure || entry.users === 1) drop(key, entry)
        throw failure?.error ?? error
      } finally {
        entry.users -= 1
        if (entry.users === 0) entry.idle = setTimeout(() => drop(key, entry), IDLE_MILLISECONDS).unref()
      }
    },
    close() {
      for (const [key, entry] of open) drop(key, entry)
    },
  }
}

async function untilAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted()
  let onAbort = () => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Reads what is on disk by blocks that are kept for a while, and what is not exactly as it was asked for. */
function readInBlocks(film: () => Film, signal: AbortSignal) {
  const blocks = new Map<number, Promise<Uint8Array>>()
  const block = (n: number): Promise<Uint8Array> => {
    const known = blocks.get(n)
    const start = n * BLOCK_BYTES
    const bytes = known ?? film().read(start, Math.min(film().sizeBytes, start + BLOCK_BYTES), signal)
    blocks.delete(n)
    blocks.set(n, bytes)
    if (!known) bytes.catch(() => blocks.delete(n))
    for (const oldest of blocks.keys()) {
      if (blocks.size <= MOST_BLOCKS) break
      blocks.delete(oldest)
    }
    return bytes
  }
  return async (start: number, end: number): Promise<Uint8Array> => {
    const [first, last] = [Math.floor(start / BLOCK_BYTES), Math.floor((end - 1) / BLOCK_BYTES)]
    const from = first * BLOCK_BYTES
    const to = Math.min(film().sizeBytes, (last + 1) * BLOCK_BYTES)
    if (last - first >= MOST_BLOCKS || !film().isOnDisk(from, to)) return film().read(start, end, signal)
    const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, n) => block(first + n)))
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
    return whole.subarray(start - from, end - from)
  }
}
