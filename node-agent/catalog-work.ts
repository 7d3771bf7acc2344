/** What the agent does for the household's catalog by itself: each run takes some work, does it, and tells the edge. */
import { AppError } from '#protocol/errors.ts'
import { type SourceReading, Work, type WorkCall } from '#protocol/source-work.ts'
import type { Log } from './log.ts'
import { doubtsOfRelease } from './sources/release/doubts-of-release.ts'
import { parseRelease } from './sources/release/parse-release.ts'
import type { Search } from './sources/search.ts'
import { countSwarms, type Scrape } from './torrents/counting/count-swarms.ts'
import { keptLayout } from './torrents/metadata/known-metadata.ts'
import { type IsTrustedTracker, readTorrentSource } from './torrents/metadata/read-torrent-source.ts'
import type { SealedMetadata } from './torrents/metadata/sealed-metadata.ts'
import type { TorrentLayout } from './torrents/metadata/torrent-layout.ts'
import { pickFile } from './torrents/pick-file.ts'
import type { Torrents } from './torrents/torrents.ts'

/** Of each kind, in one run. */
const SEARCHES = 3
const COUNTS = 40
const READINGS = 4
/** Longer than any provider takes. */
const SEARCH_SECONDS = 40
/** A swarm that tells nothing by then is asked another day. */
const READING_SECONDS = 60

export type CatalogWork = Record<'searchAhead' | 'countSwarms' | 'readMetadata', (signal: AbortSignal) => Promise<void>>

export type CatalogWorkRooms = {
  /** `POST /api/work`, signed; the answer as it came. */
  post: (call: WorkCall, signal: AbortSignal) => Promise<unknown>
  /** Connected, and the VPN lets things leave: nothing is taken that could not be done. */
  isReady: () => boolean
  /** Whether any provider searches at all. */
  canSearch: () => boolean
  search: Pick<Search, 'search'>
  torrents: Pick<Torrents, 'readInfo'>
  kept: SealedMetadata
  scrape: Scrape
  isTrustedTracker: IsTrustedTracker
  /** Asked about every torrent, besides its own. */
  trackers: readonly string[]
  log: Log
  now?: () => number
}

export function createCatalogWork(rooms: CatalogWorkRooms): CatalogWork {
  const { isReady, search, torrents, kept, scrape, isTrustedTracker, trackers, log } = rooms
  const now = rooms.now ?? Date.now

  /** Undefined from an edge that gives no work yet. */
  const take = async (what: WorkCall['take'], signal: AbortSignal): Promise<Work | undefined> => {
    if (!isReady()) return undefined
    try {
      return Work.parse(await rooms.post({ take: what }, signal))
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    }
  }
  const tell = async (done: NonNullable<WorkCall['done']>, count: number, signal: AbortSignal) => {
    if (count === 0) return
    await rooms.post({ done }, signal)
    log.info('catalog_work_done', { kind: Object.keys(done)[0], count })
  }

  const readOne = async (
    { sourceId, source, file, name, wish }: Work['readings'][number],
    signal: AbortSignal,
  ): Promise<SourceReading | undefined> => {
    const patience = AbortSignal.timeout(READING_SECONDS * 1000)
    let layout: TorrentLayout | undefined
    try {
      const { infoHash, hints, info: given } = await readTorrentSource(source, isTrustedTracker)
      const info = given ?? (await torrents.readInfo({ infoHash, hints }, AbortSignal.any([signal, patience])))
      layout = await keptLayout(infoHash, info)
      // A private torrent is its account's: nothing of it is kept.
      if (layout && !layout.isPrivate) kept.keep(infoHash, info)
    } catch (error) {
      signal.throwIfAborted()
      // It is open just now, or the VPN went: that says nothing of the torrent.
      if (!isReady() || (error instanceof AppError && error.code === 'busy')) return undefined
    }
    if (!layout) return { sourceId }
    const thisYear = new Date(now()).getUTCFullYear()
    const { year, runtimeMinutes } = wish
    const offeredAs = { names: [wish.name, ...wish.otherNames], year, runtimeMinutes }
    const film = filmOf(layout, file)
    const release = parseRelease(name, thisYear)
    const sizeBytes = film?.sizeBytes ?? layout.sizeBytes
    const doubts = doubtsOfRelease(release, sizeBytes, offeredAs, layout.files, thisYear)
    return {
      ...{ sourceId, fileCount: layout.files.length },
      ...(film ? { file: { path: film.path, sizeBytes: film.sizeBytes } } : {}),
      doubts: film || doubts.includes('no_film') ? doubts : [...doubts, 'no_film'],
    }
  }

  return {
    async searchAhead(signal) {
      if (!rooms.canSearch()) return
      const work = await take({ searches: SEARCHES }, signal)
      const searched: string[] = []
      for (const wish of work?.searches ?? []) {
        if (!isReady()) break
        const request = { kind: 'search' as const, wish, waitSeconds: SEARCH_SECONDS }
        const reply = await search.search(request, { signal, isForTask: true }).catch((error: unknown) => {
          // People have it look for many titles: the rest is for another run.
          if (error instanceof AppError && error.code === 'busy') return undefined
          throw error
        })
        if (reply?.isComplete && isReady()) searched.push(wish.titleId)
      }
      await tell({ searched }, searched.length, signal)
    },
    async countSwarms(signal) {
      const work = await take({ counts: COUNTS }, signal)
      const list = await Promise.all(
        (work?.counts ?? []).map(async ({ sourceId, source }) => {
          const read = await readTorrentSource(source, isTrustedTracker).catch(() => undefined)
          const named = read?.hints.trackers ?? []
          return { sourceId, infoHash: source.infoHash, trackers: [...named, ...trackers].filter(isCountedBy) }
        }),
      )
      const counted = await countSwarms(list, scrape, signal)
      // Shut in the middle, silence says nothing of anybody.
      if (isReady()) await tell({ counted }, counted.length, signal)
    },
    async readMetadata(signal) {
      const work = await take({ readings: READINGS }, signal)
      const read: SourceReading[] = []
      for (const one of work?.readings ?? []) {
        if (!isReady()) break
        const reading = await readOne(one, signal)
        if (reading) read.push(reading)
      }
      await tell({ read }, read.length, signal)
    },
  }
}

/** As the edge takes them. */
const MOST_PATH_CHARACTERS = 1024

const isCountedBy = (tracker: string) => /^(udp|https?):/.test(tracker)

function filmOf(layout: TorrentLayout, hint: Parameters<typeof pickFile>[1]) {
  try {
    const film = pickFile(layout.files, hint)
    return film.path.length <= MOST_PATH_CHARACTERS ? film : undefined
  } catch {
    return undefined
  }
}
