/** Chooses what feeds the video element, by the plan and by how this browser plays HLS. */
import type { PlayPlan } from '#protocol/play-plan.ts'
import { CannotPlay } from '../../../failure.ts'
import type { HlsWay } from '../../device/hls-way.ts'
import { elementSource } from './element-source.ts'
import type { Source, SourceEvents } from './source.ts'

type About = {
  plan: PlayPlan
  streamUrl: string
  way: HlsWay
  /** Where it will begin. */
  atSeconds: number
  events: SourceEvents
  /** The whole film is on home's disk: only then does the pace of bytes speak of the line. */
  isWholeAtHome: () => boolean
}

/** Throws CannotPlay when the plan is HLS and this browser plays none. */
export async function makeSource(video: HTMLVideoElement, about: About): Promise<Source> {
  const { plan, streamUrl, way } = about
  const { resource } = plan
  if (resource === undefined || way === 'native') return elementSource(video, streamUrl, resource)
  if (way === 'none') throw new CannotPlay('This browser plays no HLS.')
  const { hlsSource } = await import('./hls-source.ts')
  return hlsSource(video, { ...about, resource })
}

/** Loads what an HLS plan needs, while home is still being asked for the plan. */
export async function prepareSource(way: HlsWay): Promise<void> {
  // What does not come now is asked for again when it is needed, and said to be missing then.
  if (way === 'mse') await Promise.all([import('./hls-source.ts'), import('hls.js')]).catch(() => undefined)
}
