/** What only our own reading of a transport stream tells: all of its sound, and its index, when it is all here. */
import { EncodedPacketSink, type Input } from 'mediabunny'
import type { AudioTrack, VideoTrack } from '#protocol/tracks.ts'
import { nalCodecOf } from '../keyframe-kind.ts'
import { languageTag } from '../language-tag.ts'
import type { FilmReader } from '../matroska-keyframes.ts'
import { LAYOUT_BYTES, type Layout, layoutOf } from './packets.ts'
import { soundsOf, TABLES_BYTES } from './program-map.ts'
import { readThrough, type TransportIndex } from './read-through.ts'

export async function packetsOf(film: FilmReader): Promise<Layout | undefined> {
  return layoutOf(await film.read(0, Math.min(film.sizeBytes, LAYOUT_BYTES)))
}

/** Undefined for a film that is not all here, or not to be read through now, and for one that cannot be copied from. */
export async function transportIndex(
  film: FilmReader,
  layout: Layout,
  video: VideoTrack | undefined,
  audio: readonly AudioTrack[],
): Promise<TransportIndex | undefined> {
  const codec = nalCodecOf(video?.codec)
  if (!video || !codec || !film.isWhole || film.isTooLongToReadNow) return undefined
  return readThrough(
    film,
    layout,
    { pid: video.id, codec },
    audio.map(({ id }) => id),
  )
}

/**
 * `known`: the tracks that mediabunny reads. Those that it does not know are tracks all the same: a film without its
 * sound is not that film.
 */
export async function transportSounds(
  film: FilmReader,
  layout: Layout,
  known: readonly AudioTrack[],
  input: Input,
): Promise<AudioTrack[]> {
  const head = await film.read(layout.firstByte, Math.min(film.sizeBytes, TABLES_BYTES))
  const listed = soundsOf(head, layout).map(({ pid, format, language: written }): AudioTrack => {
    const language = languageTag(written)
    const track = known.find(({ id }) => id === pid) ?? { id: pid, format, channels: 2 }
    return { ...track, ...(language ? { language } : {}) }
  })
  const unlisted = known.filter(({ id }) => !listed.some((track) => track.id === id))
  return Promise.all([...listed, ...unlisted].map((track) => withLayer(track, input)))
}

/** Layers II and III of MPEG audio are called the same there; browsers decode only the latter. */
async function withLayer(track: AudioTrack, input: Input): Promise<AudioTrack> {
  if (track.codec !== 'mp3') return track
  const found = (await input.getAudioTracks()).find(({ id }) => id === track.id)
  const packet = found && (await new EncodedPacketSink(found).getFirstPacket().catch(() => undefined))
  const isLayerThree = (((packet?.data[1] ?? 0) >> 1) & 3) === 1
  if (isLayerThree) return track
  const { codec: _codec, ...rest } = track
  return { ...rest, format: 'mp2' }
}
