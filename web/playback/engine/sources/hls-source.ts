/** hls.js, loaded when a film first needs it: it feeds Media Source Extensions from the playlist that home makes. */
import type Hls from 'hls.js'
import type { ErrorData, FragmentLoaderConstructor, HlsConfig, LoadPolicy, PlaylistLoaderConstructor } from 'hls.js'
import { CannotPlay, failureCode, readRefusal, Unreachable } from '../../../failure.ts'
import { noteSpeed } from '../../device/agent-speeds.ts'
import { knownLine, noteTransfer } from '../../device/line-speed.ts'
import { awaitBeginning } from './await-beginning.ts'
import { blockSoundOnce } from './block-sound-once.ts'
import { forgetEarly } from './early-loads.ts'
import { fetchFirstPieces, fetchPlaylists } from './first-pieces.ts'
import { holdBackUntilShown } from './hold-back.ts'
import { audioTrackOf } from './master-tracks.ts'
import { pictureBegun } from './picture-begun.ts'
import { playlistLoader } from './playlist-loader.ts'
import { refusalText } from './refusals.ts'
import { segmentLoader } from './segment-loader.ts'
import type { Source, SourceEvents } from './source.ts'

/** A piece that no peer has sent yet makes a segment wait; what goes on after that is for keep-playing to decide. */
const policy: LoadPolicy = {
  default: {
    maxTimeToFirstByteMs: 30_000,
    maxLoadTimeMs: 120_000,
    timeoutRetry: { maxNumRetry: 1, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 1, retryDelayMs: 500, maxRetryDelayMs: 500 },
  },
}

const config: Partial<HlsConfig> = {
  // fMP4 is passed through as it is: there is nothing to do in a worker, and a worker from a blob: would need a wider policy.
  enableWorker: false,
  // What has come of a segment is given to the browser before the rest has.
  progressive: true,
  manifestLoadPolicy: policy,
  playlistLoadPolicy: policy,
  fragLoadPolicy: policy,
  backBufferLength: 60,
  maxBufferLength: 40,
  maxBufferSize: 80_000_000,
}

/** While a frame is waited for, read just what a browser wants to have before it shows one: reading and decoding share a processor. */
const HELD_BACK_SECONDS = 0.5

type About = {
  streamUrl: string
  resource: string
  atSeconds: number
  events: SourceEvents
  isWholeAtHome: () => boolean
}

export async function hlsSource(video: HTMLVideoElement, about: About): Promise<Source> {
  const { streamUrl, resource, events } = about
  fetchPlaylists(streamUrl, resource)
  fetchFirstPieces(streamUrl, resource, about.atSeconds)
  const { default: HlsJs } = await import('hls.js')
  leaveSubtitlesToUs(HlsJs)
  const line = knownLine(Date.now())
  const picture = pictureBegun()
  const hls: Hls = new HlsJs({
    ...config,
    pLoader: playlistLoader(HlsJs.DefaultConfig.loader as PlaylistLoaderConstructor),
    ...blockSoundOnce(HlsJs.DefaultConfig.bufferController),
    fLoader: segmentLoader(HlsJs.DefaultConfig.loader as FragmentLoaderConstructor, picture),
    ...(line && { abrEwmaDefaultEstimate: line.bytesPerSecond * 8 }),
  })
  let failBeginning: ((cause: unknown) => void) | undefined
  let hasMended = false

  const stopHolding = holdBack(video, hls)

  hls.on(HlsJs.Events.INIT_PTS_FOUND, (_, { id }) => id === 'main' && picture.tell())

  hls.on(HlsJs.Events.ERROR, (_, data) => {
    if (!data.fatal) return
    const cause = failureOf(data, HlsJs)
    if (failBeginning) failBeginning(cause)
    else events.onBroke(failureCode(cause))
  })
  hls.on(HlsJs.Events.FRAG_LOADED, (_, { frag }) => {
    const { loaded, loading } = frag.stats
    // While pieces still arrive, or segments are being made, the wait is not the line's.
    if (frag.type !== 'main' || !about.isWholeAtHome()) return
    const transfer = { bytes: loaded, seconds: (loading.end - loading.first) / 1000, nowMs: Date.now() }
    noteTransfer(transfer)
    noteSpeed(transfer)
  })

  return {
    streamUrl,
    load: async (atSeconds, signal) => {
      try {
        await awaitBeginning(
          video,
          () => {
            hls.config.startPosition = atSeconds
            // In this order: whatever hls.js finds missing it looks for again a tenth of a second later.
            hls.once(HlsJs.Events.MEDIA_ATTACHED, () => hls.loadSource(`${streamUrl}/${resource}`))
            hls.attachMedia(video)
          },
          {
            signal,
            onFailure: (fail) => {
              failBeginning = fail
            },
          },
        )
      } finally {
        failBeginning = undefined
      }
    },
    goOn: () => {
      if (video.error || video.readyState === 0 || hls.media !== video) return false
      hls.startLoad()
      return true
    },
    mend: () => {
      if (hasMended) return false
      hasMended = true
      hls.recoverMediaError()
      return true
    },
    setAudio: (trackId) => {
      const index = hls.audioTracks.findIndex(({ url }) => audioTrackOf(url) === trackId)
      if (index < 0) return false
      hls.nextAudioTrack = index
      return true
    },
    setHeight: (heightPixels) => {
      if (hls.levels.length < 2) return false
      const level = heightPixels === undefined ? -1 : hls.levels.findIndex(({ height }) => height === heightPixels)
      if (level < 0 && heightPixels !== undefined) return false
      hls.nextLevel = level
      return true
    },
    bitsPerSecond: () => hls.levels[hls.currentLevel]?.bitrate,
    close: () => {
      stopHolding()
      hls.destroy()
      forgetEarly((url) => !url.startsWith(streamUrl))
    },
  }
}

function holdBack(video: HTMLVideoElement, { config: live }: Hls): () => void {
  let mostSeconds = live.maxMaxBufferLength
  return holdBackUntilShown(
    video,
    () => {
      // Less than before when hls.js has found that the browser's own buffer is full.
      if (live.maxMaxBufferLength > HELD_BACK_SECONDS) mostSeconds = live.maxMaxBufferLength
      live.maxMaxBufferLength = HELD_BACK_SECONDS
    },
    () => {
      live.maxMaxBufferLength = mostSeconds
    },
  )
}

type HlsClass = typeof Hls

/** Subtitles are ours (subtitles/): these controllers would switch off every text track of the element but their own. */
function leaveSubtitlesToUs(hlsClass: HlsClass): void {
  const { subtitleTrackController, subtitleStreamController, timelineController, ...rest } = hlsClass.DefaultConfig
  hlsClass.DefaultConfig = rest
}

/** What an hls.js error means to us: a refusal of home's with its code, no answer, or bytes that make no picture. */
function failureOf({ type, error, networkDetails }: ErrorData, { ErrorTypes }: HlsClass): unknown {
  if (type !== ErrorTypes.NETWORK_ERROR) return new CannotPlay(error.message, { cause: error })
  return refusalIn(networkDetails) ?? new Unreachable(error.message, { cause: error })
}

function refusalIn(details: unknown) {
  const text = refusalText(details)
  try {
    return text === undefined ? undefined : readRefusal(JSON.parse(text))
  } catch {
    return undefined
  }
}
