/** Files that may be streamed: described from the state alone, opened from disk or swarm when bytes are wanted. */
import { createHash } from 'node:crypto'
import { AppError } from '#protocol/errors.ts'
import type { StreamStatus } from '#protocol/stream-status.ts'
import { nothingFound } from '../state/probe.ts'
import { rememberParsed } from '../state/remember-parsed.ts'
import type { KnownSource, SourceState } from '../state/source-state.ts'
import type { TorrentFile } from '../torrents/metadata/torrent-layout.ts'
import { type ByteRange, readRange } from '../torrents/read-range.ts'
import type { Openable, ReadableTorrent } from '../torrents/readable-torrent.ts'
import { contentTypeOf } from './content-type.ts'
import type { FileIdentity, Film } from './film.ts'
import { newestOf } from './look-inside.ts'
import type { Look } from './make-resource.ts'
import type { AddedSubtitles } from './subtitles/added-subtitles.ts'
import { besideFilm } from './subtitles/beside-film.ts'
import { withSubtitles } from './subtitles/film-tracks.ts'

export type FileDescription = {
  sizeBytes: number
  contentType: string
  /** Strong: the info hash stands for every byte of the file. With its quotes. */
  etag: string
  infoHash: string
}

export type DescribedFile = FileDescription & {
  /** Opens it again when it was put away. Throws `not_found` when its torrent does not have it. */
  open(context: { signal: AbortSignal; correlationId: string }): Promise<StreamFile>
}

export type StreamFile = {
  /** Throws `disk_full` when the byte at `position` can neither be read nor fetched. */
  check(position: number): void
  /** What it gives out is good only until the next is asked for. */
  read(range: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array>
  status(): StreamStatus
  /** Keeps the file open, without fetching anything, until the signal aborts. */
  hold(signal: AbortSignal): void
}

export type StreamFiles = {
  isKnownSource(sourceId: string): boolean
  /** Undefined for a file that was never opened here: it may not be streamed. */
  describe(file: FileIdentity): DescribedFile | undefined
  /**
   * The same file for whoever makes something of it, by the look that is named, or by the newest. Throws `not_found` for
   * a file that `describe` does not know, and for a look that was never taken here.
   */
  film(file: FileIdentity, context: { signal: AbortSignal; correlationId: string }, look?: Look): Promise<Film>
}

/** All of them at once: what is read for making something is small. */
export async function readWhole(
  torrent: ReadableTorrent,
  file: TorrentFile,
  [start, end]: readonly [number, number],
  signal: AbortSignal,
  into?: Uint8Array,
  onRead?: (readBytes: number) => void,
): Promise<Uint8Array> {
  // Into its place at once: to collect and to join costs the same bytes twice.
  const whole = into ?? Buffer.allocUnsafeSlow(end - start)
  let at = 0
  for await (const bytes of readRange(torrent, file, { start, end: end - 1 }, signal, { reusesMemory: true })) {
    whole.set(bytes, at)
    at += bytes.length
    onRead?.(at)
  }
  return whole.subarray(0, at)
}

/** Whether reading from `start` to `end` (exclusive) would wait for nobody. */
export const isOnDisk = (torrent: ReadableTorrent, file: TorrentFile) => (start: number, end: number) =>
  end <= start || torrent.bytesOnDisk(file, start, end - 1) === end - start

type Known = KnownSource & { description: FileDescription; bytesPerSecond: number | undefined }

const noneAdded = { list: () => [] }

export function createStreamFiles(
  torrents: Openable,
  sources: SourceState,
  added: Pick<AddedSubtitles, 'list'> = noneAdded,
): StreamFiles {
  const find = ({ sourceId, path }: FileIdentity): Known | undefined => {
    const source = sources.find(sourceId)
    const file = source && sources.findFile(sourceId, path)
    if (!file) return undefined
    const { infoHash } = source
    const durationSeconds = newestOf(file).inside?.durationSeconds
    return {
      ...source,
      bytesPerSecond: durationSeconds ? file.sizeBytes / durationSeconds : undefined,
      description: {
        sizeBytes: file.sizeBytes,
        contentType: contentTypeOf(path),
        etag: etagOf(`${infoHash}\n${path}`),
        infoHash,
      },
    }
  }
  const unknown = () => new AppError('not_found', 'This home does not know the film any more. Start it from its page.')
  const openFile = async (known: Known, path: string, context: { signal: AbortSignal; correlationId: string }) => {
    const torrent = await torrents.open(known, context)
    const file = torrent.layout.files.find((one) => one.path === path)
    if (!file) throw unknown()
    return { torrent, file }
  }
  return {
    isKnownSource: (sourceId) => sources.find(sourceId) !== undefined,
    describe(identity) {
      const known = find(identity)
      if (!known) return undefined
      const open: DescribedFile['open'] = async (context) => {
        const { torrent, file } = await openFile(known, identity.path, context)
        return streamFile(torrent, file, known.bytesPerSecond)
      }
      return { ...known.description, open }
    },
    async film({ sourceId, path }, context, look) {
      const known = find({ sourceId, path })
      if (!known) throw unknown()
      const { torrent, file } = await openFile(known, path, context)
      const looked = sources.findFile(sourceId, path)
      if (look === 'whole' && !looked?.wholeProbe) throw unknown()
      const inside = (look === 'first' ? looked?.probe : newestOf(looked).inside) ?? nothingFound
      const beside = besideFilm(torrent.layout.files, path)
      return {
        ...{ sourceId, path, ...known.description },
        inside: { ...inside, tracks: withSubtitles(inside.tracks, beside, added.list({ sourceId, path })) },
        beside: beside.map(({ track, file: one }) => ({
          track,
          read: (signal) => readWhole(torrent, one, [0, one.sizeBytes], signal),
        })),
        read: (start, end, signal, into, onRead) => readWhole(torrent, file, [start, end], signal, into, onRead),
        isOnDisk: isOnDisk(torrent, file),
      }
    },
  }
}

const streamFile = (torrent: ReadableTorrent, file: TorrentFile, bytesPerSecond: number | undefined): StreamFile => ({
  check: (position) => torrent.check(file, position),
  read: (range, signal) =>
    readRange(torrent, file, range, signal, { reusesMemory: true, unverified: true, bytesPerSecond }),
  status: () => torrent.status(file),
  hold(signal) {
    const release = torrent.hold()
    signal.addEventListener('abort', release, { once: true })
    if (signal.aborted) release()
  },
})

/** Of an info hash and a path, with a line break between. */
const etagOf = rememberParsed((text) => `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`)
