/** Begins to make what a plan says will be asked for first, while the player is still on its way to asking. */
import type { PlayPlan } from '#protocol/play-plan.ts'
import type { Rendition } from '#protocol/rendition.ts'
import { readStreamPath, streamPath } from '#protocol/stream-url.ts'
import type { FileIdentity, Film } from '../film.ts'
import { gridOf } from '../hls/segment-grid.ts'
import type { MakeContext } from '../make-resource.ts'
import type { MadeRendition, MakeRendition } from './make-rendition.ts'

/** Never throws: what cannot be made is told to whoever asks for it. */
export type PreparePlay = (file: FileIdentity, plan: PlayPlan, startSeconds: number, context: MakeContext) => void

export function createPreparePlay(
  openFilm: (file: FileIdentity, context: MakeContext) => Promise<Film>,
  makeRendition: MakeRendition,
): PreparePlay {
  return (file, plan, startSeconds, context) => {
    const renditions = firstMade(plan)
    if (renditions.length === 0) return
    const prepare = async () => {
      const film = await openFilm(file, context)
      const each = renditions.flatMap((rendition) => {
        const index = gridOf(film.inside, rendition).findLastIndex((segment) => segment.startSeconds <= startSeconds)
        return [undefined, Math.max(0, index)].map((which) => makeRendition(film, rendition, which, context))
      })
      await Promise.allSettled(each)
    }
    prepare().catch(() => {})
  }
}

/** Of picture and of sound, the rendition that a player takes first, where it is made. Pure. */
export function firstMade({ resource }: PlayPlan): MadeRendition[] {
  const read = resource === undefined ? undefined : readStreamPath(`${streamPath('-')}/${resource}`)?.resource
  if (read?.kind !== 'master') return []
  const first = (kind: Rendition['kind']) => read.renditions.find((rendition) => rendition.kind === kind)
  return [first('video'), first('audio')].filter(
    (rendition): rendition is MadeRendition =>
      rendition !== undefined && rendition.kind !== 'subtitles' && rendition.made !== undefined,
  )
}
