/** What every engine under measurement can do, so that one benchmark drives them all alike. */

export type SwarmToJoin = {
  torrentFile: string
  addresses: string[]
  /** Empty, and its own. */
  folder: string
}

export type SeekTimes = { first64kMs: number; firstMibMs: number }

export type Subject = {
  /** Adds the torrent and its peers; resolves when it can be read. */
  open(swarm: SwarmToJoin): Promise<void>
  /** Reads one MiB from an offset of its one file, then leaves as a player does that seeks on. */
  seek(offset: number): Promise<SeekTimes>
  /** Reads the whole file; resolves at the end. */
  readAll(): Promise<void>
  /** Bytes that came from peers. */
  received(): number
  peers(): number
  close(): Promise<void>
}

const KiB64 = 64 * 1024
const MiB = 1024 * 1024

/** Takes chunks up to one MiB; when the first 64 KiB and the whole of it were there, from `begunAt` on. */
export async function timeFirstMib(chunks: AsyncIterable<Uint8Array>, begunAt = performance.now()): Promise<SeekTimes> {
  let bytes = 0
  let first64kMs = Number.NaN
  for await (const chunk of chunks) {
    bytes += chunk.length
    const elapsedMs = performance.now() - begunAt
    if (bytes >= KiB64 && Number.isNaN(first64kMs)) first64kMs = elapsedMs
    if (bytes >= MiB) return { first64kMs, firstMibMs: elapsedMs }
  }
  throw new Error('the file ended before a MiB was read')
}
