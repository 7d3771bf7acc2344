/** Looks inside a film over ranged reads (mediabunny): its tracks and its length, without downloading the rest. */
import { ALL_FORMATS, CustomSource, Input, type InputAudioTrack, type InputVideoTrack } from 'mediabunny'
import type { AudioTrack, VideoTrack } from '#protocol/tracks.ts'
import { nothingFound, type Probe } from '../state/probe.ts'

/** Bytes from `start` to `end`, the end exclusive. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>

/** A file that makes its reader ask for more than this to find its tracks is damaged or hostile. */
const MOST_BYTES = 96 * 1024 * 1024

/** What was found; undefined for a container that is not known or that is damaged. Rejects only when reading does. */
export async function probe(sizeBytes: number, read: ReadBytes, signal: AbortSignal): Promise<Probe | undefined> {
  let readFailure: { error: unknown } | undefined
  let total = 0
  const source = new CustomSource({
    getSize: () => sizeBytes,
    read: async (start, end) => {
      total += end - start
      if (total > MOST_BYTES) throw new Error('the file asks for too much before it says what is in it')
      try {
        return await read(start, end)
      } catch (error) {
        readFailure = { error }
        throw error
      }
    },
    handleUnhandledError: () => {},
  })
  const input = new Input({ source, formats: ALL_FORMATS })
  const dispose = () => input.dispose()
  signal.addEventListener('abort', dispose, { once: true })
  try {
    return await describe(input)
  } catch {
    signal.throwIfAborted()
    if (readFailure) throw readFailure.error
    return undefined
  } finally {
    signal.removeEventListener('abort', dispose)
    dispose()
  }
}

async function describe(input: Input): Promise<Probe | undefined> {
  if (!(await input.canRead())) return undefined
  const video = await Promise.all((await input.getVideoTracks()).slice(0, 16).map(videoTrack))
  const audio = await Promise.all((await input.getAudioTracks()).slice(0, 64).map(audioTrack))
  const duration = await input.getDurationFromMetadata()
  return {
    ...nothingFound,
    ...(duration !== null && Number.isFinite(duration) && duration > 0 ? { durationSeconds: duration } : {}),
    // mediabunny does not read subtitle tracks.
    tracks: {
      video: video.flatMap((track) => track ?? []),
      audio: audio.flatMap((track) => track ?? []),
      subtitles: [],
    },
  }
}

/** Undefined for a track without a picture size: nothing could show it. */
async function videoTrack(track: InputVideoTrack): Promise<VideoTrack | undefined> {
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()].map(Math.round)
  if (!width || !height || width < 1 || height < 1) return undefined
  return { id: track.id, ...(await codecOf(track)), width, height }
}

async function audioTrack(track: InputAudioTrack): Promise<AudioTrack | undefined> {
  const channels = await track.getNumberOfChannels()
  if (!Number.isSafeInteger(channels) || channels < 1) return undefined
  const [language, name] = [languageTag(await track.getLanguageCode()), (await track.getName())?.slice(0, 200)]
  return {
    id: track.id,
    ...(await codecOf(track)),
    channels,
    ...(language ? { language } : {}),
    ...(name ? { name } : {}),
  }
}

/** The RFC 6381 string, e.g. `avc1.640028`; nothing when the codec is not known. */
async function codecOf(track: InputVideoTrack | InputAudioTrack): Promise<{ codec?: string }> {
  const codec = await track.getCodecParameterString().catch(() => null)
  return codec && codec.length <= 64 ? { codec } : {}
}

/** BCP 47 from what containers hold (ISO 639-2, mostly): `eng` → `en`. Undefined for "und" and nonsense. */
function languageTag(code: string): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(code)
    return tag === 'und' || (tag?.length ?? 99) > 35 ? undefined : tag
  } catch {
    return undefined
  }
}
