/** Video and audio tracks as mediabunny finds them, in the words of the protocol. */
import type { Input, InputAudioTrack, InputVideoTrack } from 'mediabunny'
import type { AudioTrack, VideoTrack } from '#protocol/tracks.ts'
import { languageTag } from './language-tag.ts'

export async function videoTracks(input: Input): Promise<VideoTrack[]> {
  const each = await Promise.all((await input.getVideoTracks()).slice(0, 16).map(videoTrack))
  return each.flatMap((track) => track ?? [])
}

export async function audioTracks(input: Input): Promise<AudioTrack[]> {
  const each = await Promise.all((await input.getAudioTracks()).slice(0, 64).map(audioTrack))
  return each.flatMap((track) => track ?? [])
}

/** Undefined for a track without a picture size: nothing could show it. */
async function videoTrack(track: InputVideoTrack): Promise<VideoTrack | undefined> {
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()].map(Math.round)
  if (!width || !height || width < 1 || height < 1) return undefined
  const { transfer } = await track.getColorSpace().catch(() => ({ transfer: undefined }))
  const { codec, ...named } = await codecOf(track)
  const isDolby = codec !== undefined && /^dv(h1|he)\.05/.test(codec)
  const hdr = isDolby ? 'dolby-vision' : transfer === 'pq' ? 'hdr10' : transfer === 'hlg' ? 'hlg' : undefined
  return { id: track.id, ...(codec ? { codec } : {}), ...named, width, height, ...(hdr ? { hdr } : {}) }
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
    ...((await track.getDisposition()).default ? { isDefault: true } : {}),
  }
}

/** The RFC 6381 string, e.g. `avc1.640028`, and what the container calls it. */
async function codecOf(track: InputVideoTrack | InputAudioTrack): Promise<{ codec?: string; format?: string }> {
  const codec = await track.getCodecParameterString().catch(() => null)
  const internal = await track.getInternalCodecId().catch(() => null)
  const format = typeof internal === 'string' || typeof internal === 'number' ? String(internal).slice(0, 40) : ''
  return { ...(codec && codec.length <= 64 ? { codec } : {}), ...(format ? { format } : {}) }
}
