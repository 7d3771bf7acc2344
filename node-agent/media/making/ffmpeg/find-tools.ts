/** What ffmpeg on this machine can do: looked at once, by asking it and by really making a frame. */
import { type Encoder, hardwareEncoders, softwareEncoder } from './encoders.ts'
import { videoInitArguments } from './making-arguments.ts'
import { type FfmpegTool, outputOf } from './run-ffmpeg.ts'
import { videoShape } from './video-shape.ts'

export type Tools = {
  /** AAC can be made of any sound that ffmpeg decodes. */
  makesAudio: boolean
  makesVideo: boolean
  mapsTones: boolean
  /** The first that made a frame here. */
  hardware: Encoder | undefined
}

export const noTools: Tools = { makesAudio: false, makesVideo: false, mapsTones: false, hardware: undefined }

/** `-fps_mode` and correct channel layouts; older ones are in no distribution that still gets fixes but one. */
const OLDEST_VERSION = [5, 1] as const
const ASK_MILLISECONDS = 5000
const TRY_MILLISECONDS = 10_000

/** Never rejects: what cannot be asked cannot be used. */
export async function findTools(tool: FfmpegTool, signal: AbortSignal): Promise<Tools> {
  const ask = async (...args: string[]) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(ASK_MILLISECONDS)])
    return (await outputOf(tool, ['-hide_banner', ...args], deadline).catch(() => Buffer.alloc(0))).toString()
  }
  if (!isNewEnough(await ask('-version'))) return noTools
  const [encoders, filters] = [await ask('-encoders'), await ask('-filters')]
  const has = (list: string, name: string) => new RegExp(`^\\s*\\S+\\s+${name}\\s`, 'm').test(list)
  const makesAudio = has(encoders, 'aac')
  return {
    makesAudio,
    makesVideo: makesAudio && has(encoders, 'libx264'),
    mapsTones: has(filters, 'zscale') && has(filters, 'tonemap'),
    hardware: await firstThatWorks(
      tool,
      hardwareEncoders.filter(({ name }) => has(encoders, name)),
      signal,
    ),
  }
}

/** True for a build that names no version: it is somebody's own, of today. */
export function isNewEnough(versionText: string): boolean {
  const [, text] = /^ffmpeg version (\S+)/.exec(versionText) ?? []
  if (text === undefined) return false
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(text) ?? []
  if (major === undefined) return true
  const [oldestMajor, oldestMinor] = OLDEST_VERSION
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor)
}

/** Encoders are listed whether or not the machine has the hardware: only a frame that was made is believed. */
async function firstThatWorks(tool: FfmpegTool, encoders: readonly Encoder[], signal: AbortSignal) {
  const shape = videoShape({ id: 0, width: 640, height: 360 }, 480)
  for (const encoder of encoders) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(TRY_MILLISECONDS)])
    const bytes = await outputOf(tool, videoInitArguments(shape, encoder), deadline).catch(() => undefined)
    if (bytes?.includes('mdat')) return encoder
  }
  return undefined
}

/** What a job is made with: hardware when there is some, and always software to fall back to. */
export const encodersToTry = ({ hardware }: Tools, cores: number): Encoder[] => [
  ...(hardware ? [hardware] : []),
  softwareEncoder(cores),
]
