/** Init and segments of renditions that are made: out of the cache, or out of a job that makes them now. */
import { AppError } from '#protocol/errors.ts'
import { renditionName } from '#protocol/rendition.ts'
import type { Film } from '../film.ts'
import { gridOf } from '../hls/segment-grid.ts'
import type { Made, MakeContext } from '../make-resource.ts'
import { MADE_WITHOUT_FFMPEG } from './capabilities-of-making.ts'
import { OFFSET_SECONDS } from './ffmpeg/making-arguments.ts'
import { outputOf } from './ffmpeg/run-ffmpeg.ts'
import { filmKey } from './film-key.ts'
import { startMakingJob } from './jobs/making-job.ts'
import type { MakingTools } from './making-tools.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { type MadeRendition, type Recipe, recipeFor } from './recipe.ts'

/**
 * `index` is the segment's place in the grid; undefined asks for the init. Throws `not_found` for what the film does not
 * have, `needs_ffmpeg`, `busy`, `not_playable`, and what reading the film throws.
 */
export type MakeRendition = (
  film: Film,
  rendition: MadeRendition,
  index: number | undefined,
  context: MakeContext,
) => Promise<Made>

/** Ahead of who watches, at most: a seek throws it away. */
const AHEAD_SEGMENTS = { video: 9, audio: 8 }
const INIT_MILLISECONDS = 15_000

export function createMakeRendition(room: MakingTools): MakeRendition {
  const { cache, jobs, tool, log } = room
  const inits = new Map<string, Promise<Uint8Array>>()
  const inTurn = oneAtATime('This home is making sound for too many already. Try again in a moment.')

  const initOf = async (recipe: Recipe): Promise<Uint8Array> => {
    const deadline = AbortSignal.any([room.closing, AbortSignal.timeout(INIT_MILLISECONDS)])
    const whole = await outputOf(tool, recipe.initArguments, deadline)
    return whole.subarray(0, endOfInit(whole))
  }
  /** The same for every film of a shape; one run makes it for all who ask. */
  const init = async (initName: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const name = `init.${initName}.mp4`
    const kept = await cache.get(name)
    if (kept) return kept
    const makeAndKeep = async () => {
      const bytes = await make()
      await cache.put(name, bytes)
      return bytes
    }
    const making = inits.get(name) ?? makeAndKeep().finally(() => inits.delete(name))
    inits.set(name, making)
    return making
  }
  const isMadeWithoutFfmpeg = async ({ inside }: Film, rendition: MadeRendition): Promise<boolean> => {
    const { codec = '' } = inside.tracks.audio.find(({ id }) => id === rendition.trackId) ?? {}
    return rendition.kind === 'audio' && MADE_WITHOUT_FFMPEG.includes(codec) && !(await room.tools()).makesAudio
  }

  const segment = async (film: Film, rendition: MadeRendition, index: number, context: MakeContext) => {
    const grid = gridOf(film.inside, rendition)
    if (index >= grid.length) throw new AppError('not_found', 'The film is over before that.')
    const name = `${filmKey(film)}.${renditionName(rendition)}`
    const fileName = (n: number) => `${name}.${n}.m4s`
    const kept = await cache.get(fileName(index))
    if (kept) {
      jobs.reach(name, index)
      return kept
    }
    if (await isMadeWithoutFfmpeg(film, rendition)) {
      const { makeSoundSegment } = await withoutFfmpeg()
      const { trackId } = rendition
      const wanted = { film, trackId, channels: channelsOf(rendition), grid, index }
      return inTurn(context.signal, async () => {
        // Another may have asked for the same while we waited.
        const made = await cache.get(fileName(index))
        if (made) return made
        const bytes = await makeSoundSegment(room.copies, wanted, AbortSignal.any([context.signal, room.closing]))
        await cache.put(fileName(index), bytes)
        return bytes
      })
    }
    const recipe = recipeFor(film, rendition, await room.tools(), room.cores)
    const { kind } = rendition
    const { streamId, signal, correlationId } = context
    return jobs.want({
      ...{ name, kind, index, streamId, signal },
      start: () => {
        log.info('making_started', { streamId, correlationId, kind, reason: recipe.initName })
        return startMakingJob({
          ...{ film, grid, firstIndex: index, tool, ticksPerSecond: recipe.ticksPerSecond },
          offsetTicks: OFFSET_SECONDS * recipe.ticksPerSecond,
          aheadSegments: AHEAD_SEGMENTS[kind],
          attempts: recipe.ways.map(
            ({ argumentsFor }) =>
              (firstIndex) =>
                argumentsFor({ grid, firstIndex }),
          ),
          onAttemptFailed(attempt, complaint) {
            log.warn('making_failed', { streamId, correlationId, kind, reason: complaint.slice(-500) })
            if (recipe.ways[attempt]?.isHardware) room.dropHardware()
          },
          isKept: (n) => cache.has(fileName(n)),
          keep: (n, bytes) => cache.put(fileName(n), bytes),
        })
      },
    })
  }

  return async (film, rendition, index, context) => {
    const contentType = `${rendition.kind}/mp4`
    if (index !== undefined) return { contentType, bytes: await segment(film, rendition, index, context) }
    if (await isMadeWithoutFfmpeg(film, rendition)) {
      const channels = channelsOf(rendition)
      return {
        contentType,
        bytes: await init(`aac${channels}`, async () => (await withoutFfmpeg()).makeSoundInit(channels)),
      }
    }
    const recipe = recipeFor(film, rendition, await room.tools(), room.cores)
    return { contentType, bytes: await init(recipe.initName, () => initOf(recipe)) }
  }
}

/** Two megabytes of code that most homes never need. */
const withoutFfmpeg = () => import('./wasm/make-sound.ts')

const channelsOf = ({ made }: MadeRendition): 2 | 6 => ('channels' in made && made.channels === 6 ? 6 : 2)

/** Where the first fragment begins. */
function endOfInit(bytes: Buffer): number {
  let at = 0
  while (at + 8 <= bytes.length && bytes.toString('latin1', at + 4, at + 8) !== 'moof') {
    const size = bytes.readUInt32BE(at)
    if (size < 8) throw new Error('ffmpeg wrote an init that cannot be read')
    at += size
  }
  return Math.min(at, bytes.length)
}
