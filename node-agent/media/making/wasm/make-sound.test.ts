/** Sound without ffmpeg; what is made is judged with it. */
import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { makeFilm } from '../../../testing/make-film.ts'
import { decodeSound, decodingComplaints, readPackets } from '../../../testing/read-packets.ts'
import { worstSineError } from '../../../testing/sine.ts'
import { temporaryDirectory } from '../../../testing/temporary-directory.ts'
import { filmOf, openTestMaking, type TestMaking } from '../../../testing/test-making.ts'
import { contentTypeOf } from '../../content-type.ts'
import type { Film } from '../../film.ts'
import { firstRenditions } from '../../hls/prepare-play.ts'
import { gridOf } from '../../hls/segment-grid.ts'
import { planPlay } from '../../plan/play-plan.ts'

const chromium: DeviceProfile = {
  ...{ codecs: ['avc1.640028', 'mp4a.40.2'], segmentCodecs: ['avc1.640028', 'mp4a.40.2'] },
  ...{ containers: ['video/mp4', 'video/webm', 'video/x-matroska'], hls: 'mse', audioChannels: 2 },
}
const context = { signal: new AbortController().signal, streamId: 'stream-1', correlationId: 'correlation-1' }
const withoutFfmpeg = (directory: string) =>
  openTestMaking(directory, { tool: { command: 'ffmpeg', environment: { PATH: '' } } })

/** 20 s of H.264 and a 440 Hz sine, beginning anywhere but at zero. */
const sineFilm = (codec: 'ac3' | 'eac3', channels: number, container = 'mkv') =>
  makeFilm(`sine-${codec}.${container}`, [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=20'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=20'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '24'],
    ...(channels === 6 ? ['-af', 'pan=5.1|FL=c0|FR=c0|FC=c0|BL=c0|BR=c0'] : ['-ac', '2']),
    ...['-c:a', codec, '-output_ts_offset', '3'],
  ])

async function makeAll(making: TestMaking, film: Film, channels: 2 | 6, order: (all: number[]) => number[]) {
  const rendition = { kind: 'audio', trackId: film.inside.tracks.audio[0]?.id ?? -1, made: { channels } } as const
  const made = new Map<number, Uint8Array>()
  const init = (await making.makeRendition(film, rendition, undefined, context)).bytes
  const all = gridOf(film.inside, rendition).map((_, n) => n)
  for (const n of order([...all])) made.set(n, (await making.makeRendition(film, rendition, n, context)).bytes)
  return [init, ...all.map((n) => made.get(n) ?? new Uint8Array())]
}

describe('sound without ffmpeg', () => {
  it.each([
    ['ac3', 6, 2, 'mkv'],
    ['ac3', 2, 2, 'mkv'],
    ['eac3', 6, 6, 'mkv'],
    ['ac3', 6, 2, 'ts'],
  ] as const)(
    'of %s with %i channels is planned, made AAC of %i, and heard, out of %s',
    async (codec, channels, wanted, container) => {
      const directory = temporaryDirectory()
      const making = await withoutFfmpeg(directory)
      const film = await filmOf(await sineFilm(codec, channels, container), contentTypeOf(`.${container}`))
      const plan = planPlay({
        ...{ inside: film.inside, contentType: film.contentType, sizeBytes: film.sizeBytes, wish: undefined },
        ...{ device: { ...chromium, audioChannels: wanted }, making: await making.capabilities() },
      })
      expect(plan.mode).toBe('audio')
      expect(firstRenditions(plan)).toMatchObject([{ kind: 'video' }, { kind: 'audio', made: { channels: wanted } }])

      const parts = await makeAll(making, film, wanted, (all) => all)
      expect(await decodingComplaints(directory, parts)).toBe('')
      const packets = await readPackets(directory, parts)
      expect(packets.length).toBeGreaterThan(930)
      for (const [n, { time }] of packets.entries()) expect(time).toBeCloseTo((n * 1024) / 48_000, 3)
      const sound = await decodeSound(directory, parts)
      // Without a click where segments join.
      const heard = sound.subarray(48_000, 48_000 * 18)
      const loudest = heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(loudest).toBeGreaterThan(0.03)
      expect(worstSineError(heard)).toBeLessThan(0.03)
      await making.close()
    },
  )

  it('is the same bytes whatever is asked first', async () => {
    const film = await filmOf(await sineFilm('ac3', 6), 'video/x-matroska')
    const made = await Promise.all(
      [(all: number[]) => all, (all: number[]) => all.reverse()].map(async (order) => {
        const making = await withoutFfmpeg(temporaryDirectory())
        const parts = await makeAll(making, film, 2, order)
        await making.close()
        return Buffer.concat(parts)
      }),
    )
    expect(made[0]?.equals(made[1] ?? Buffer.alloc(0))).toBe(true)
  })

  it('is made once for 20 who ask at once', async () => {
    let bytesRead = 0
    const film = await filmOf(await sineFilm('ac3', 6), 'video/x-matroska')
    const read: Film['read'] = (start, end, signal) => {
      bytesRead += end - start
      return film.read(start, end, signal)
    }
    const making = await withoutFfmpeg(temporaryDirectory())
    const rendition = { kind: 'audio', trackId: film.inside.tracks.audio[0]?.id ?? -1, made: { channels: 2 } } as const
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        making.makeRendition({ ...film, read, isOnDisk: () => false }, rendition, 1, context),
      ),
    )
    const [first] = all
    for (const { bytes } of all) expect(Buffer.from(bytes).equals(first?.bytes ?? new Uint8Array())).toBe(true)
    expect(bytesRead).toBeLessThan(film.sizeBytes * 2)
    await making.close()
  })

  it('says what to install for what it cannot decode', async () => {
    const film = await filmOf(await sineFilm('ac3', 6), 'video/x-matroska')
    const audio = film.inside.tracks.audio.map((track) => ({ ...track, codec: 'dtsc' }))
    const dts = { ...film, inside: { ...film.inside, tracks: { ...film.inside.tracks, audio } } }
    const making = await withoutFfmpeg(temporaryDirectory())
    const rendition = { kind: 'audio', trackId: audio[0]?.id ?? -1, made: { channels: 2 } } as const
    const answer = making.makeRendition(dts, rendition, 0, context)
    await expect(answer).rejects.toMatchObject({
      code: 'needs_ffmpeg',
      message: expect.stringContaining('apt install'),
    })
    await making.close()
  })

  it('is what ffmpeg makes of the film, to the millisecond', async () => {
    const directory = temporaryDirectory()
    const film = await filmOf(await sineFilm('ac3', 6), 'video/x-matroska')
    const sounds: Float32Array[] = []
    for (const making of [await withoutFfmpeg(`${directory}/a`), await openTestMaking(`${directory}/b`)]) {
      sounds.push(await decodeSound(directory, await makeAll(making, film, 2, (all) => all)))
      await making.close()
    }
    const [here, there] = sounds.map((sound) => sound.subarray(96_000, 96_000 + 4800))
    let [difference, loudest] = [0, 0]
    for (const [n, sample] of (here ?? new Float32Array()).entries()) {
      difference = Math.max(difference, Math.abs(sample - (there?.[n] ?? 0)))
      loudest = Math.max(loudest, Math.abs(sample))
    }
    expect(loudest).toBeGreaterThan(0.03)
    expect(difference / loudest).toBeLessThan(0.1)
  })
})
