/** Init and segments of renditions that are made: out of the cache, or out of a job that makes them now. */
import { AppError } from '#protocol/errors.ts'
import { type Rendition, renditionName } from '#protocol/rendition.ts'
import type { Film } from '../film.ts'
import { gridOf } from '../hls/segment-grid.ts'
import type { Made, MakeContext } from '../make-resource.ts'
import { OFFSET_SECONDS } from './ffmpeg/making-arguments.ts'
import { outputOf } from './ffmpeg/run-ffmpeg.ts'
import { filmKey } from './film-key.ts'
import { startMakingJob } from './jobs/making-job.ts'
import type { MakingTools } from './making-tools.ts'
import { type Recipe, recipeFor } from './recipe.ts'

export type MadeRendition = Extract<Rendition, { kind: 'video' | 'audio' }> & { made: object }

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
const AHEAD_SEGMENTS = { video: 6, audio: 8 }
const INIT_MILLISECONDS = 15_000

export function createMakeRendition(room: MakingTools): MakeRendition {
  const { cache, jobs, tool, log } = room
  const inits = new Map<string, Promise<Uint8Array>>()

  const makeInit = async (name: string, recipe: Recipe): Promise<Uint8Array> => {
    const deadline = AbortSignal.any([room.closing, AbortSignal.timeout(INIT_MILLISECONDS)])
    const whole = await outputOf(tool, recipe.initArguments, deadline)
    const bytes = whole.subarray(0, endOfInit(whole))
    await cache.put(name, bytes)
    return bytes
  }
  /** The same for every film of a shape; one run makes it for all who ask. */
  const init = async (recipe: Recipe): Promise<Uint8Array> => {
    const name = `init.${recipe.initName}.mp4`
    const kept = await cache.get(name)
    if (kept) return kept
    const making = inits.get(name) ?? makeInit(name, recipe).finally(() => inits.delete(name))
    inits.set(name, making)
    return making
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
              (url, firstIndex) =>
                argumentsFor({ url, grid, firstIndex }),
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
    return { contentType, bytes: await init(recipeFor(film, rendition, await room.tools(), room.cores)) }
  }
}

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
