/** Each film of the matrix, looked into by ranged reads as at home, is planned for three screens as its row says. */
import { open } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { AppError } from '#protocol/errors.ts'
import { contentTypeOf } from '../../node-agent/media/content-type.ts'
import { probe } from '../../node-agent/media/inside/probe.ts'
import type { CapabilitiesOfMaking } from '../../node-agent/media/making/capabilities-of-making.ts'
import { planPlay } from '../../node-agent/media/plan/play-plan.ts'
import { cells, type ExpectedPlan, type Screen } from './cells.ts'
import { makeMatrixFilm } from './make-matrix-film.ts'

/** As Debian's Chromium 156 answers: MP3 in files, but not in segments. */
const chromium: DeviceProfile = {
  codecs: ['avc1.640028', 'avc1.640033', 'av01.0.08M.08', 'av01.0.08M.10', 'vp09.00.40.08'].concat([
    'mp4a.40.2',
    'mp4a.69',
    'mp3',
    'opus',
    'flac',
  ]),
  containers: ['video/mp4', 'video/webm', 'video/x-matroska', 'video/quicktime'],
  segmentCodecs: ['avc1.640028', 'av01.0.08M.08', 'vp09.00.40.08', 'mp4a.40.2', 'opus', 'flac'],
  hls: 'mse',
  needsClosedGop: true,
}

const safari: DeviceProfile = {
  codecs: ['avc1.640028', 'hvc1.1.6.L120.B0', 'hvc1.2.4.L153.B0', 'mp4a.40.2', 'mp4a.69', 'flac', 'ac-3', 'ec-3'],
  containers: ['video/mp4', 'video/quicktime'],
  segmentCodecs: [
    'avc1.640028',
    'hvc1.1.6.L120.B0',
    'hvc1.2.4.L153.B0',
    'mp4a.40.2',
    'mp4a.69',
    'flac',
    'ac-3',
    'ec-3',
  ],
  hls: 'native',
  needsClosedGop: false,
}

const withFfmpeg: CapabilitiesOfMaking = {
  ...{ hasFfmpeg: true, video: true, toneMapping: true, hardware: undefined, audio: 'any' },
}
const bare: CapabilitiesOfMaking = {
  ...{ hasFfmpeg: false, video: false, toneMapping: false, hardware: undefined, audio: ['ac-3', 'ec-3'] },
}

const ffmpeg = { command: 'ffmpeg', environment: { PATH: process.env.PATH ?? '' } }

const screens: Record<Screen, { device: DeviceProfile; making: CapabilitiesOfMaking }> = {
  chromium: { device: chromium, making: withFfmpeg },
  safari: { device: safari, making: withFfmpeg },
  bare: { device: chromium, making: bare },
}

describe.concurrent.each(cells)('$name', ({ film, plans }) => {
  it.each(Object.entries(plans) as [Screen, ExpectedPlan][])('on %s is %s', async (screen, expected) => {
    expect(await plan(await makeMatrixFilm(film), screen)).toBe(expected)
  })
})

/** The rung, or `!` and the code of what stands against it. */
async function plan(path: string, screen: Screen): Promise<ExpectedPlan> {
  const file = await open(path)
  try {
    const { size: sizeBytes } = await file.stat()
    const read = async (start: number, end: number) => {
      const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
      return buffer
    }
    const { device, making } = screens[screen]
    const film = { sizeBytes, read, isWhole: true }
    const inside = await probe(film, new AbortController().signal, making.hasFfmpeg ? ffmpeg : undefined)
    const contentType = contentTypeOf(path)
    return planPlay({ inside, contentType, sizeBytes, device, wish: undefined, making }).mode
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return `!${error.code}`
  } finally {
    await file.close()
  }
}
