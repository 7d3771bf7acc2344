/** The room that makes what a film does not have: its doors, and what they share. */
import { join } from 'node:path'
import type { Log } from '../../log.ts'
import type { Copies } from '../hls/open-copies.ts'
import type { Maker } from '../make-resource.ts'
import { createMakeThumbnail } from '../thumbnails/make-thumbnail.ts'
import { type CapabilitiesOfMaking, capabilitiesOfMaking } from './capabilities-of-making.ts'
import { findTools, type Tools } from './ffmpeg/find-tools.ts'
import type { FfmpegTool } from './ffmpeg/run-ffmpeg.ts'
import { createMakingJobs, type MakingJobs } from './jobs/making-jobs.ts'
import { openMadeCache } from './made-cache.ts'
import { createMakeRendition, type MakeRendition } from './make-rendition.ts'
import type { MakingTools } from './making-tools.ts'

export type MakingOptions = {
  stateDir: string
  tool: FfmpegTool
  cores: number
  copies: Pick<Copies, 'use'>
  /** Of video, at once. */
  mostVideoJobs: number
  cacheBytes: number
  floorBytes: number
  freeBytes: (folder: string) => Promise<number>
  log: Log
  idleMilliseconds?: number
  patienceMilliseconds?: number
}

export type Making = {
  /** For `init` and `segment` of a rendition that is made. */
  makeRendition: MakeRendition
  makeThumbnail: Maker<'thumbnail'>
  capabilities: () => Promise<CapabilitiesOfMaking>
  /** How many jobs run, and whether none is left of those that ended. */
  jobs: MakingJobs
  /** Ends every ffmpeg; resolves when none is left. */
  close: () => Promise<void>
}

const IDLE_MILLISECONDS = 60_000
/** A film's last segments are made, or somebody leaves: better waited for than refused. Players wait longer (`hls-source.ts`). */
const PATIENCE_MILLISECONDS = 12_000
/** Sound is made thirty times faster than it is heard: this only stops an attacker. */
const AUDIO_JOBS_A_CORE = 4

export async function openMaking(options: MakingOptions): Promise<Making> {
  const { tool, cores, copies, log, stateDir, cacheBytes, floorBytes, freeBytes } = options
  const closing = new AbortController()
  const folder = join(stateDir, 'made')
  const cache = await openMadeCache({ folder, mostBytes: cacheBytes, floorBytes, freeBytes, log })
  const jobs = createMakingJobs({
    most: { video: options.mostVideoJobs, audio: cores * AUDIO_JOBS_A_CORE },
    idleMilliseconds: options.idleMilliseconds ?? IDLE_MILLISECONDS,
    patienceMilliseconds: options.patienceMilliseconds ?? PATIENCE_MILLISECONDS,
  })
  let found: Promise<Tools> | undefined
  const room: MakingTools = {
    ...{ tool, cores, copies, log, cache, jobs, closing: closing.signal },
    tools() {
      found ??= findTools(tool, closing.signal)
      return found
    },
    dropHardware() {
      found = found?.then((tools) => ({ ...tools, hardware: undefined }))
    },
  }
  return {
    makeRendition: createMakeRendition(room),
    makeThumbnail: createMakeThumbnail(room),
    capabilities: async () => capabilitiesOfMaking(await room.tools()),
    jobs,
    async close() {
      closing.abort()
      await jobs.close()
    },
  }
}
