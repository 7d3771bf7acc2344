/** Makers of everything beneath `hls/`: playlists, copied init and segments, and what the making room makes. */
import { AppError } from '#protocol/errors.ts'
import type { KeyframeList } from '#protocol/keyframe-list.ts'
import type { Rendition } from '#protocol/rendition.ts'
import type { Film } from '../film.ts'
import type { Made, MakeContext, Makers } from '../make-resource.ts'
import type { MakeRendition } from '../making/make-rendition.ts'
import type { MadeRendition } from '../making/recipe.ts'
import { copiedIframe } from './copied-iframe.ts'
import { copiedInit } from './copied-init.ts'
import { copiedSegment } from './copied-segment.ts'
import { keyframeTimes } from './keyframe-times.ts'
import { masterPlaylist } from './master-playlist.ts'
import type { SegmentPart } from './matroska-parts.ts'
import { damaged } from './matroska-range.ts'
import type { MemoryPool } from './memory-pool.ts'
import type { Copies } from './open-copies.ts'
import { hasIframes, iframePlaylist, mediaPlaylist, subtitlePlaylist } from './playlists.ts'

const PLAYLIST = 'application/vnd.apple.mpegurl'

const playlist = (text: string | undefined): Made => {
  if (text === undefined) throw new AppError('not_found', 'There is no such playlist of this film.')
  return { contentType: PLAYLIST, bytes: new TextEncoder().encode(text) }
}

export function hlsMakers(
  copies: Copies,
  makeRendition: MakeRendition,
): Required<Pick<Makers, 'master' | 'playlist' | 'iframes' | 'keyframes' | 'init' | 'segment' | 'iframe'>> {
  const made = (film: Film, rendition: Rendition, index: number | undefined, context: MakeContext) =>
    isMade(rendition) ? makeRendition(film, rendition, index, context) : undefined
  return {
    master: async (film, { renditions }) => playlist(masterPlaylist(film, renditions)),
    playlist: async ({ inside }, { rendition }) =>
      playlist(
        rendition.kind === 'subtitles' ? subtitlePlaylist(inside, rendition.trackId) : mediaPlaylist(inside, rendition),
      ),
    iframes: async ({ inside }, { rendition }) => playlist(iframePlaylist(inside, rendition)),
    async keyframes({ inside }, { rendition }) {
      const seconds = keyframeTimes(inside, rendition)
      if (!seconds) throw new AppError('not_found', 'Nobody knows where this film can be begun at once.')
      const list: KeyframeList = { seconds }
      return { contentType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(list)) }
    },
    async iframe(film, { rendition, index }, { signal }) {
      if (!hasIframes(film.inside, rendition))
        throw new AppError('not_found', 'There are no such pictures of this film.')
      const bytes = await copiedIframe(film, copies, copiedTrack(film, rendition), index, signal)
      return { contentType: 'video/mp4', bytes, release: () => copies.memory.give(bytes) }
    },
    async init(film, { rendition }, context) {
      const elsewhere = made(film, rendition, undefined, context)
      if (elsewhere) return elsewhere
      const trackId = copiedTrack(film, rendition)
      const bytes = await copies.use(film, trackId, context.signal, copiedInit)
      return { contentType: `${rendition.kind}/mp4`, bytes }
    },
    async segment(film, { rendition, index }, context) {
      const elsewhere = await made(film, rendition, index, context)
      if (elsewhere && isPastItsEnd(film, rendition, elsewhere.bytes)) throw cutShort()
      if (elsewhere) return elsewhere
      const parts = copiedSegment(film, copies, copiedTrack(film, rendition), index, context.signal)
      return inParts(`${rendition.kind}/mp4`, parts, copies.memory)
    },
  }
}

/** What fails before the first part is there is told; after it the answer is cut short. */
async function inParts(
  contentType: string,
  parts: AsyncGenerator<SegmentPart, void, undefined>,
  memory: MemoryPool,
): Promise<Made> {
  const first = await parts.next()
  if (first.done) throw damaged()
  const { bytes, isLast } = first.value
  const release = () => memory.give(bytes)
  if (!isLast) return { contentType, bytes, release, rest: restOf(parts, memory) }
  await parts.return()
  return { contentType, bytes, release }
}

async function* restOf(
  parts: AsyncGenerator<SegmentPart, void, undefined>,
  memory: MemoryPool,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { bytes } of parts) {
    yield bytes
    memory.give(bytes)
  }
}

/**
 * A made segment without a picture, of a film that was looked into before all of it was here: the file was cut short,
 * and ends before it says. A player would wait at such a place for ever.
 */
const isPastItsEnd = ({ inside }: Film, { kind }: Rendition, bytes: Uint8Array) =>
  kind === 'video' &&
  !inside.isOfWhole &&
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32BE(bytes.length - 8) === 8

const cutShort = () =>
  new AppError('not_playable', 'The film ends before this: the file was cut short. Go back, or try another source.')

const isMade = (rendition: Rendition): rendition is MadeRendition =>
  rendition.kind !== 'subtitles' && rendition.made !== undefined

/** Throws `not_found` for a track that is not there, or of another kind. */
function copiedTrack({ inside }: Film, rendition: Rendition): number {
  const found =
    rendition.kind !== 'subtitles' && inside.tracks[rendition.kind].some(({ id }) => id === rendition.trackId)
  if (!found) throw new AppError('not_found', 'The film has no such track.')
  // Pictures are cut at keyframes of the first video track alone.
  const isCut = inside.keyframes && (rendition.kind === 'audio' || rendition.trackId === inside.tracks.video[0]?.id)
  if (!isCut) throw new AppError('not_playable', 'This film has no index to cut it by. Choose another quality.')
  return rendition.trackId
}
