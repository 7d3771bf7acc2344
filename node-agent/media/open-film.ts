/** From "open this source" to "it can be played": find it, pick the file, start its ends, look inside, plan. */
import type { OpenReply, OpenRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'
import { nothingFound } from '../state/probe.ts'
import type { SourceState } from '../state/source-state.ts'
import { type IsTrustedTracker, readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import type { TorrentFile } from '../torrents/metadata/torrent-layout.ts'
import { pickFile } from '../torrents/pick-file.ts'
import { prefetchEnds } from '../torrents/prefetch-ends.ts'
import { readRange } from '../torrents/read-range.ts'
import type { Openable, ReadableTorrent } from '../torrents/readable-torrent.ts'
import { contentTypeOf } from './content-type.ts'
import type { PreparePlay } from './hls/prepare-play.ts'
import { createLookInto } from './look-through.ts'
import { type CapabilitiesOfMaking, nothingMade } from './making/capabilities-of-making.ts'
import type { FfmpegTool } from './making/ffmpeg/run-ffmpeg.ts'
import { planPlay } from './plan/play-plan.ts'
import { isOnDisk } from './stream-files.ts'
import type { AddedSubtitles } from './subtitles/added-subtitles.ts'
import { besideFilm } from './subtitles/beside-film.ts'
import { withSubtitles } from './subtitles/film-tracks.ts'
import { fontsOf } from './subtitles/fonts.ts'

/** How long head and tail go on arriving for a player that has not asked yet, in milliseconds. */
const PREFETCH_MILLISECONDS = 30_000
/** How often whoever waits hears of peers, in milliseconds. */
const STAGE_MILLISECONDS = 500

export type OpenContext = {
  signal: AbortSignal
  correlationId: string
  onStage: (stage: OpenStage, peers: number) => void
}

export type OpenFilm = {
  /** Throws what hinders it: `invalid`, `not_found` (`ifAtHome`, and it is not), `vpn_down` (nor may it be fetched), `no_peers`, `metadata_timeout`, `no_playable_file`, `disk_full`, `timed_out`, `needs_ffmpeg`, `not_playable`. */
  open(request: OpenRequest, context: OpenContext): Promise<OpenReply>
  /** The viewer has left: head and tail are not fetched for them any more. */
  close(streamId: string): void
}

export function createOpenFilm(rooms: {
  torrents: Openable
  sources: SourceState
  isTrustedTracker: IsTrustedTracker
  added?: Pick<AddedSubtitles, 'list'>
  /** What can be made here; nothing when it is left out. */
  capabilities?: () => Promise<CapabilitiesOfMaking>
  /** Its ffprobe is asked about files that are not understood here. */
  ffmpeg?: FfmpegTool
  /** Whether anything may leave for the swarm now (the VPN guard); it may unless said otherwise. */
  mayJoinSwarm?: () => boolean
  /** Whether other agents on the home network can be called for what they hold; not unless said otherwise. */
  callsNeighbours?: boolean
  /** Begins to make what the player will ask for. */
  prepare?: PreparePlay
}): OpenFilm {
  const { torrents, sources, isTrustedTracker, added, capabilities = async () => nothingMade, ffmpeg, prepare } = rooms
  const { mayJoinSwarm = () => true, callsNeighbours = false } = rooms
  const lookInto = createLookInto(sources, ffmpeg)
  const prefetching = new Map<string, AbortController>()
  const stopPrefetch = (streamId: string) => {
    prefetching.get(streamId)?.abort()
    prefetching.delete(streamId)
  }
  const open = async (request: OpenRequest, context: OpenContext): Promise<OpenReply> => {
    const { signal, correlationId } = context
    const { sourceId, streamId, device, wish } = request
    const source = await readTorrentSource(request.source, isTrustedTracker)
    /** What it is refused with unless all of it is at home already. */
    const orElse = request.ifAtHome ? notAtHome : mayJoinSwarm() ? undefined : waitsForVpn
    if (orElse && !torrents.isKept(source.infoHash)) throw orElse()
    const stages = reportStages(context, () => torrents.peersOf(source.infoHash))
    stopPrefetch(streamId)
    const prefetch = new AbortController()
    prefetching.set(streamId, prefetch)
    const endPrefetch = () => {
      prefetch.abort()
      if (prefetching.get(streamId) === prefetch) prefetching.delete(streamId)
    }
    try {
      // Behind the VPN's door no neighbour is reached: what is bound to the tunnel leaves by it.
      const { householdPeers } = callsNeighbours ? request : {}
      const torrent = await torrents.open({ ...source, householdPeers }, { signal, correlationId })
      const file = pickFile(torrent.layout.files, request.file)
      sources.save(sourceId, source)
      sources.saveFile(sourceId, file.path, file.sizeBytes)
      const isWhole = () => isOnDisk(torrent, file)(0, file.sizeBytes)
      if (orElse && !isWhole()) throw orElse()
      stages.enter('peers')
      prefetchEnds(torrent, file, prefetch.signal)
      await untilHeadIsHere(torrent, file, signal)
      stages.enter('probing')
      const { inside: found, cutBy } = await lookInto(torrent, file, sourceId, signal)
      stages.enter('ready')
      setTimeout(endPrefetch, PREFETCH_MILLISECONDS).unref()
      const contentType = contentTypeOf(file.path)
      const { sizeBytes } = file
      const tracks = withSubtitles(
        found?.tracks ?? nothingFound.tracks,
        besideFilm(torrent.layout.files, file.path),
        added?.list({ sourceId, path: file.path }) ?? [],
      )
      const making = await capabilities()
      const plan = planPlay({
        ...{ inside: found && { ...found, tracks }, contentType, sizeBytes, device, wish, making },
        ...(cutBy ? { cutBy } : {}),
      })
      if (!request.ifAtHome)
        prepare?.({ sourceId, path: file.path }, plan, request.startSeconds, {
          ...{ signal: prefetch.signal, correlationId, streamId },
        })
      return {
        ...{ path: file.path, sizeBytes, contentType, tracks },
        ...(found?.durationSeconds === undefined ? {} : { durationSeconds: found.durationSeconds }),
        plan,
        chapters: found?.chapters ?? [],
        markers: found?.markers ?? [],
        thumbnails: making.hasFfmpeg && found?.durationSeconds !== undefined,
        fontCount: fontsOf(found?.attachments ?? []).length,
      }
    } catch (error) {
      endPrefetch()
      throw error
    } finally {
      stages.stop()
    }
  }
  return { open, close: stopPrefetch }
}

const waitsForVpn = () =>
  new AppError('vpn_down', 'The agent at home waits for its VPN. It goes on by itself when the VPN is back.')

const notAtHome = () => new AppError('not_found', 'Not all of this film is at home yet. Press Play to fetch it.')

/** Somebody has the film: the first bytes are on disk. A deadline that passes without a peer is `no_peers`. */
async function untilHeadIsHere(torrent: ReadableTorrent, file: TorrentFile, signal: AbortSignal): Promise<void> {
  try {
    for await (const _bytes of readRange(torrent, file, { start: 0, end: 0 }, signal)) return
  } catch (error) {
    if (error instanceof AppError && error.code === 'timed_out' && torrent.peers === 0) {
      throw new AppError('no_peers', 'Nobody is sharing this film right now. Try another source, or again later.')
    }
    throw error
  }
}

/** Tells each stage when it begins, and again when the number of peers has changed. */
function reportStages({ onStage }: OpenContext, countPeers: () => number) {
  let stage: OpenStage = 'finding'
  let told = ''
  const tell = () => {
    const peers = countPeers()
    if (stage === 'finding' && peers > 0) stage = 'metadata'
    if (told === `${stage} ${peers}`) return
    told = `${stage} ${peers}`
    onStage(stage, peers)
  }
  tell()
  const interval = setInterval(tell, STAGE_MILLISECONDS)
  return {
    enter(next: OpenStage) {
      stage = next
      tell()
    },
    stop: () => clearInterval(interval),
  }
}
