/** How one rendition of a film is made: which track, by which encoders, told what. Pure. */
import { AppError } from '#protocol/errors.ts'
import type { Rendition } from '#protocol/rendition.ts'
import type { Film } from '../film.ts'
import { canMakeVideo, capabilitiesOfMaking, isDolbyVisionOnly, needsFfmpeg } from './capabilities-of-making.ts'
import { encodersToTry, type Tools } from './ffmpeg/find-tools.ts'
import {
  AUDIO_TICKS_PER_SECOND,
  audioArguments,
  audioInitArguments,
  type FilmToMake,
  VIDEO_TICKS_PER_SECOND,
  videoArguments,
  videoInitArguments,
} from './ffmpeg/making-arguments.ts'
import { videoShape } from './ffmpeg/video-shape.ts'

export type MadeRendition = Extract<Rendition, { kind: 'video' | 'audio' }> & { made: object }

type Place = Pick<FilmToMake, 'grid' | 'firstIndex'>
export type Recipe = {
  /** The same init fits every recipe of this name. */
  initName: string
  initArguments: readonly string[]
  ticksPerSecond: number
  /** Best first. */
  ways: readonly { isHardware: boolean; argumentsFor: (place: Place) => readonly string[] }[]
}

/** Throws `not_found` for a track the film does not have, `not_playable`, and `needs_ffmpeg` with what to install. */
export function recipeFor(film: Film, rendition: MadeRendition, tools: Tools, cores: number): Recipe {
  return rendition.kind === 'video' ? videoRecipe(film, rendition, tools, cores) : audioRecipe(film, rendition, tools)
}

const noTrack = () => new AppError('not_found', 'The film has no such track.')

/** By the number that ffprobe told, else by its place among those of its kind. */
const filmToMake = ({ contentType, inside }: Film, kind: 'video' | 'audio', nth: number, place: Place): FilmToMake => {
  const told = inside.streamIndexes?.find(({ trackId }) => trackId === inside.tracks[kind][nth]?.id)
  const stream = told ? String(told.index) : `${kind === 'video' ? 'V' : 'a'}:${nth}`
  return { ...{ contentType, stream, startSeconds: inside.startSeconds }, ...place }
}

function videoRecipe(film: Film, rendition: MadeRendition, tools: Tools, cores: number): Recipe {
  const index = film.inside.tracks.video.findIndex(({ id }) => id === rendition.trackId)
  const track = film.inside.tracks.video[index]
  if (!track || rendition.kind !== 'video' || !rendition.made) throw noTrack()
  const capabilities = capabilitiesOfMaking(tools)
  if (isDolbyVisionOnly(track)) {
    throw new AppError(
      'not_playable',
      'This film is Dolby Vision of a kind that only such screens can show. Try another source.',
    )
  }
  if (!canMakeVideo(capabilities, track)) {
    throw new AppError('needs_ffmpeg', capabilities.video ? needsFfmpeg.hdr : needsFfmpeg.video)
  }
  const shape = videoShape(track, rendition.made.heightPixels as 1080 | 720 | 480)
  const encoders = encodersToTry(tools, cores)
  const [first] = encoders
  if (!first) throw new AppError('needs_ffmpeg', needsFfmpeg.video)
  return {
    initName: `${first.name}.${shape.width}x${shape.height}.${shape.level}`,
    initArguments: videoInitArguments(shape, first),
    ticksPerSecond: VIDEO_TICKS_PER_SECOND,
    ways: encoders.map((encoder) => ({
      isHardware: encoder.name !== 'libx264',
      argumentsFor: (place) => videoArguments(filmToMake(film, 'video', index, place), track, shape, encoder),
    })),
  }
}

function audioRecipe(film: Film, rendition: MadeRendition, tools: Tools): Recipe {
  const index = film.inside.tracks.audio.findIndex(({ id }) => id === rendition.trackId)
  const track = film.inside.tracks.audio[index]
  if (!track || rendition.kind !== 'audio' || !rendition.made) throw noTrack()
  const { channels } = rendition.made
  if (!tools.makesAudio) throw new AppError('needs_ffmpeg', needsFfmpeg.audio)
  return {
    initName: `aac${channels}`,
    initArguments: audioInitArguments(channels),
    ticksPerSecond: AUDIO_TICKS_PER_SECOND,
    ways: [
      {
        isHardware: false,
        argumentsFor: (place) => audioArguments(filmToMake(film, 'audio', index, place), track.channels, channels),
      },
    ],
  }
}
