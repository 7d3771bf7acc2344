/** What the makers of this room share. */
import type { Log } from '../../log.ts'
import type { Copies } from '../hls/open-copies.ts'
import type { Tools } from './ffmpeg/find-tools.ts'
import type { FfmpegTool } from './ffmpeg/run-ffmpeg.ts'
import type { MakingJobs } from './jobs/making-jobs.ts'
import type { MadeCache } from './made-cache.ts'

export type MakingTools = {
  tool: FfmpegTool
  cores: number
  /** Films whose sound is decoded without ffmpeg. */
  copies: Pick<Copies, 'use'>
  log: Log
  cache: MadeCache
  jobs: MakingJobs
  /** Looked for when first asked. */
  tools: () => Promise<Tools>
  /** The hardware failed on a real film: it is not trusted again before the next start. */
  dropHardware: () => void
  /** Aborts when the room closes. */
  closing: AbortSignal
}
