/** Small pictures of a film for its seek bar, made only of what is on disk. */
import { AppError } from '#protocol/errors.ts'
import { THUMBNAIL_SECONDS } from '#protocol/stream-url.ts'
import type { Film } from '../film.ts'
import type { Maker } from '../make-resource.ts'
import { needsFfmpeg } from '../making/capabilities-of-making.ts'
import { outputOf } from '../making/ffmpeg/run-ffmpeg.ts'
import { openFilmDoor } from '../making/film-door.ts'
import { filmKey } from '../making/film-key.ts'
import type { MakingTools } from '../making/making-tools.ts'
import { oneAtATime } from '../making/one-at-a-time.ts'
import { thumbnailArguments } from './thumbnail-arguments.ts'

const DEADLINE_MILLISECONDS = 15_000

/**
 * The picture at `index * THUMBNAIL_SECONDS`, from the keyframe nearest to it. Throws `not_found` while its bytes are
 * not on disk, `needs_ffmpeg`, and `busy` when too many wait already.
 */
export function createMakeThumbnail(room: MakingTools): Maker<'thumbnail'> {
  const { cache, tool, closing } = room
  const inTurn = oneAtATime('Too many pictures are being made. Try again in a moment.')

  /** Ends with `asking`: who has let go of the bar waits for the film, and for nothing that is decoded beside it. */
  const make = async (film: Film, index: number, name: string, asking: AbortSignal): Promise<Uint8Array> => {
    const signal = AbortSignal.any([asking, closing, AbortSignal.timeout(DEADLINE_MILLISECONDS)])
    const door = await openFilmDoor(onlyFromDisk(film), signal)
    try {
      const args = thumbnailArguments(film, index * THUMBNAIL_SECONDS)
      const bytes = await outputOf(tool, args, signal, door.url).catch((cause: unknown) => {
        asking.throwIfAborted()
        throw door.failure() ?? notThere(cause)
      })
      // Without a frame ffmpeg ends well, and has written nothing; what it made of a cut read is not the picture.
      if (bytes.length === 0 || door.failure()) throw notThere(door.failure())
      await cache.put(name, bytes)
      return bytes
    } finally {
      door.close()
    }
  }
  return async (film, { index }, { signal }) => {
    const { durationSeconds = 0, tracks } = film.inside
    if (tracks.video.length === 0 || index * THUMBNAIL_SECONDS >= durationSeconds) throw notThere(undefined)
    const name = `${filmKey(film)}.thumbnail.${index}.jpg`
    const contentType = 'image/jpeg'
    const kept = await cache.get(name)
    if (kept) return { contentType, bytes: kept }
    if (!(await room.tools()).makesVideo) throw new AppError('needs_ffmpeg', needsFfmpeg.thumbnail)
    // Another may have asked for the same while we waited.
    const bytes = await inTurn(signal, async () => (await cache.get(name)) ?? (await make(film, index, name, signal)))
    return { contentType, bytes }
  }
}

const notThere = (cause: unknown) => new AppError('not_found', 'There is no picture of that moment yet.', { cause })

/** Nothing is fetched for a picture: it ends where the disk does, with an error at once. */
const onlyFromDisk = (film: Film): Pick<Film, 'sizeBytes' | 'read'> => ({
  sizeBytes: film.sizeBytes,
  read: async (start, end, signal) => {
    let there = end
    while (there > start && !film.isOnDisk(start, there)) there = start + Math.floor((there - start) / 2)
    if (there === start) throw notThere(undefined)
    return film.read(start, there, signal)
  },
})
