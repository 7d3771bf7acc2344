/** What this browser says it can decode and open, asked of it once for each of its versions. */
import * as z from 'zod'
import { type DecodingInfo, DeviceProfile } from '#protocol/device-profile.ts'
import { type HlsWay, hlsWay } from './hls-way.ts'
import { knownLine } from './line-speed.ts'

const videoCodecs = [
  'avc1.640028',
  'avc1.640033',
  'hvc1.1.6.L120.B0',
  'hvc1.2.4.L153.B0',
  'dvh1.08.06',
  'av01.0.08M.08',
  'av01.0.08M.10',
  'vp09.00.40.08',
]
const audioCodecs = ['mp4a.40.2', 'mp4a.69', 'mp3', 'opus', 'flac', 'ac-3', 'ec-3', 'dtsc']
const containers = ['video/mp4', 'video/webm', 'video/x-matroska', 'video/quicktime', 'video/mp2t']
/** What is asked about smoothness: a usual film of each height. */
const sizes = [
  { width: 854, height: 480, bitrate: 2_000_000 },
  { width: 1280, height: 720, bitrate: 4_000_000 },
  { width: 1920, height: 1080, bitrate: 8_000_000 },
  { width: 3840, height: 2160, bitrate: 25_000_000 },
]
/** A browser that does not answer by then is believed without it. */
const ANSWER_WITHIN_MS = 1500

/** The browser's doors that are asked; a test passes its own. */
export type Browser = {
  userAgent: string
  canPlayType: (type: string) => string
  mediaSource: { isTypeSupported: (type: string) => boolean } | undefined
  managedMediaSource: { isTypeSupported: (type: string) => boolean } | undefined
  decodingInfo: MediaCapabilities['decodingInfo'] | undefined
  audioChannels: () => number | undefined
}

/** Pure but for its questions: all that stays true until the browser is updated. */
export async function askBrowser(browser: Browser): Promise<DeviceProfile> {
  const { canPlayType, mediaSource, managedMediaSource } = browser
  const inFiles = (type: string) => canPlayType(type) !== ''
  const source = managedMediaSource ?? mediaSource
  const inSegments = source ? (type: string) => source.isTypeSupported(type) : inFiles
  const accepted = (asks: (type: string) => boolean) => [
    ...videoCodecs.filter((codec) => asks(`video/mp4; codecs="${codec}"`)),
    ...audioCodecs.filter((codec) => asks(`audio/mp4; codecs="${codec}"`)),
  ]
  const segmentCodecs = accepted(inSegments)
  const channels = browser.audioChannels()
  return {
    codecs: accepted(inFiles),
    containers: containers.filter(inFiles),
    segmentCodecs,
    hls: hlsWay({
      hasMediaSource: mediaSource !== undefined,
      hasManagedMediaSource: managedMediaSource !== undefined,
      opensPlaylists: inFiles('application/vnd.apple.mpegurl'),
    }),
    decoding: await askDecoding(browser, segmentCodecs),
    ...(channels !== undefined && channels > 0 && { audioChannels: channels }),
    needsClosedGop: /Chrom(e|ium)\//.test(browser.userAgent),
  }
}

async function askDecoding({ decodingInfo }: Browser, segmentCodecs: readonly string[]): Promise<DecodingInfo[]> {
  if (!decodingInfo) return []
  const asked = videoCodecs
    .filter((codec) => segmentCodecs.includes(codec))
    .flatMap((codec) => sizes.map((size) => askOne(decodingInfo, codec, size)))
  const late = new Promise<DecodingInfo[]>((resolve) => setTimeout(() => resolve([]), ANSWER_WITHIN_MS))
  return Promise.race([Promise.all(asked).then((answers) => answers.filter((answer) => answer !== undefined)), late])
}

async function askOne(
  decodingInfo: MediaCapabilities['decodingInfo'],
  codec: string,
  size: (typeof sizes)[number],
): Promise<DecodingInfo | undefined> {
  try {
    const { smooth, powerEfficient } = await decodingInfo({
      type: 'media-source',
      video: { contentType: `video/mp4; codecs="${codec}"`, framerate: 30, ...size },
    })
    return { codec, heightPixels: size.height, isSmooth: smooth, isPowerEfficient: powerEfficient }
  } catch {
    // A codec string that this browser does not know how to weigh.
    return undefined
  }
}

const KEY = 'porchlight.device'
const Kept = z.object({ userAgent: z.string(), profile: DeviceProfile })
let asking: Promise<DeviceProfile> | undefined

/** With what may differ each time: the screen in use, the wish to save data, the line. */
export async function deviceProfile(): Promise<DeviceProfile> {
  asking ??= keptOrAsked(thisBrowser())
  const line = knownLine(Date.now())
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  return {
    ...(await asking),
    hdr: matchMedia('(dynamic-range: high)').matches,
    savesData: connection?.saveData === true,
    screenHeightPixels: Math.max(1, Math.round(Math.min(screen.width, screen.height) * devicePixelRatio)),
    ...(line && { lineBytesPerSecond: line.bytesPerSecond }),
  }
}

/** How this browser plays HLS, for the player itself. */
export const hlsWayHere = async (): Promise<HlsWay> => (await deviceProfile()).hls ?? 'none'

async function keptOrAsked(browser: Browser): Promise<DeviceProfile> {
  try {
    const kept = Kept.parse(JSON.parse(localStorage.getItem(KEY) ?? ''))
    if (kept.userAgent === browser.userAgent) return kept.profile
  } catch {
    // Never asked, or kept by an older version of ours.
  }
  const profile = await askBrowser(browser)
  try {
    localStorage.setItem(KEY, JSON.stringify({ userAgent: browser.userAgent, profile }))
  } catch {
    // Full or forbidden: asked again next time.
  }
  return profile
}

function thisBrowser(): Browser {
  const video = document.createElement('video')
  const { ManagedMediaSource } = globalThis as { ManagedMediaSource?: Browser['managedMediaSource'] }
  return {
    userAgent: navigator.userAgent,
    canPlayType: (type) => video.canPlayType(type),
    mediaSource: globalThis.MediaSource,
    managedMediaSource: ManagedMediaSource,
    decodingInfo: navigator.mediaCapabilities?.decodingInfo.bind(navigator.mediaCapabilities),
    audioChannels: () => {
      try {
        const context = new AudioContext()
        const channels = context.destination.maxChannelCount
        void context.close()
        return channels
      } catch {
        // No sound device, or too many contexts: nothing is said of speakers.
        return undefined
      }
    },
  }
}
