/** Begins to make what a plan says will be asked for first, while the player is still on its way to asking. */
import type { PlayPlan } from '#protocol/play-plan.ts'
import type { Rendition } from '#protocol/rendition.ts'
import { readStreamPath, type StreamResource, streamPath } from '#protocol/stream-url.ts'
import type { FileIdentity } from '../film.ts'
import { lookOf, type Made, type MakeContext, type Maker, type OpenFilmBy } from '../make-resource.ts'
import { gridOf } from './segment-grid.ts'

/** Never throws: what cannot be made is told to whoever asks for it. */
export type PreparePlay = (file: FileIdentity, plan: PlayPlan, startSeconds: number, context: MakeContext) => void

/**
 * What is made goes into the cache, and the bytes of what is copied are read: over a cold swarm they are under way before
 * the player has its playlists, and it then shares the one read (shared-ranges.ts).
 */
export function createPreparePlay(
  openFilm: OpenFilmBy,
  makers: { init: Maker<'init'>; segment: Maker<'segment'> },
): PreparePlay {
  return (file, plan, startSeconds, context) => {
    const master = masterOf(plan)
    if (!master) return
    const renditions = firstRenditions(plan)
    const prepare = async () => {
      const film = await openFilm(file, context, lookOf(master))
      const each = renditions.flatMap((rendition) => {
        const last = gridOf(film.inside, rendition).findLastIndex((segment) => segment.startSeconds <= startSeconds)
        return [
          makers.init(film, { kind: 'init', rendition }, context),
          makers.segment(film, { kind: 'segment', rendition, index: Math.max(0, last) }, context),
        ]
      })
      await Promise.allSettled(each.map(async (made) => readThrough(await made)))
    }
    prepare().catch(() => {})
  }
}

async function readThrough({ release, rest }: Made): Promise<void> {
  release?.()
  for await (const _ of rest ?? []) {
    // It is on disk from then on.
  }
}

/** The rendition of picture and the one of sound that a player takes first; none of a file that is played as it is. Pure. */
export function firstRenditions(plan: PlayPlan): Rendition[] {
  const all = masterOf(plan)?.renditions ?? []
  const first = (kind: Rendition['kind']) => all.find((rendition) => rendition.kind === kind)
  return [first('video'), first('audio')].filter((rendition) => rendition !== undefined)
}

function masterOf({ resource }: PlayPlan): Extract<StreamResource, { kind: 'master' }> | undefined {
  const read = resource === undefined ? undefined : readStreamPath(`${streamPath('-')}/${resource}`)?.resource
  return read?.kind === 'master' ? read : undefined
}
