import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { makeFilm } from '../../testing/make-film.ts'
import { decodeSound, decodingComplaints, readPackets } from '../../testing/read-packets.ts'
import { ffmpegsOf } from '../../testing/running-ffmpegs.ts'
import { worstSineError } from '../../testing/sine.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf, openTestMaking, type TestMaking, tool } from '../../testing/test-making.ts'
import { until } from '../../testing/until.ts'
import type { Film } from '../film.ts'
import { keyframeTimes } from '../hls/keyframe-times.ts'
import { gridOf } from '../hls/segment-grid.ts'
import type { MadeRendition } from './recipe.ts'

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source]
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

const context = (streamId = 'stream-1', signal = new AbortController().signal) => ({
  ...{ signal, streamId, correlationId: 'correlation-1' },
})
const video = (heightPixels: 1080 | 720 | 480, trackId: number): MadeRendition => ({
  ...{ kind: 'video', trackId, made: { heightPixels } },
})
const audio = (channels: 2 | 6, trackId: number): MadeRendition => ({ kind: 'audio', trackId, made: { channels } })
const firstVideo = (film: Film) => film.inside.tracks.video[0]?.id ?? -1
const firstAudio = (film: Film) => film.inside.tracks.audio[0]?.id ?? -1

/** Init, then the segments in this order of asking; given back in the film's order. */
async function makeAll(making: TestMaking, film: Film, rendition: MadeRendition, order?: number[]) {
  const all = gridOf(film.inside, rendition).map((_, n) => n)
  const made = new Map<number, Uint8Array>()
  const init = (await making.makeRendition(film, rendition, undefined, context())).bytes
  for (const n of new Set([...(order ?? []), ...all]))
    made.set(n, (await making.makeRendition(film, rendition, n, context())).bytes)
  return [init, ...all.map((n) => made.get(n) ?? new Uint8Array())]
}

/** 20 s: H.264 with a keyframe every second or so, B-frames, and a 440 Hz sine in AC-3 5.1. */
const mkv = () =>
  makeFilm('sine.mkv', [
    ...lavfi('testsrc2=size=640x360:rate=24:duration=20'),
    ...lavfi('sine=frequency=440:sample_rate=48000:duration=20'),
    ...[...H264, '-bf', '2', '-g', '25', '-c:a', 'ac3', '-ac', '6'],
  ])

describe('makeRendition', () => {
  it('makes video that joins without a gap, an IDR where each segment begins', async () => {
    const directory = temporaryDirectory()
    const making = await openTestMaking(directory)
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const parts = await makeAll(making, film, video(480, firstVideo(film)))
    const packets = await readPackets(directory, parts)
    const grid = gridOf(film.inside, video(480, firstVideo(film)))
    const frames = packets.map(({ time }) => time)
    const keys = packets.filter(({ isKey }) => isKey).map(({ time }) => time)
    expect(keys).toEqual(grid.map(({ startSeconds }) => frames.find((time) => time >= startSeconds - 0.002)))
    // Whoever seeks to where they are said to be needs nothing of the segment before.
    const told = keyframeTimes(film.inside, video(480, firstVideo(film))) ?? []
    const lateSeconds = told.map((at, n) => at - (keys[n] ?? Number.NaN))
    expect(lateSeconds.length).toBe(keys.length)
    for (const late of lateSeconds) expect(late > 0 && late < 2 / 24).toBe(true)
    const times = packets.map(({ time }) => time).sort((a, b) => a - b)
    expect(times.length).toBe(480)
    expectSteady(times, 1 / 24)
    expectSteady(
      packets.map(({ decodeTime }) => decodeTime),
      1 / 24,
    )
    expect(await decodingComplaints(directory, parts)).toBe('')
    await making.close()
  })

  it('gives the same times whatever segment is asked first', async () => {
    const directory = temporaryDirectory()
    const film = await filmOf(await mkv(), 'video/x-matroska')
    for (const rendition of [video(480, firstVideo(film)), audio(2, firstAudio(film))]) {
      const forwards = await openTestMaking(`${directory}/a`)
      const backwards = await openTestMaking(`${directory}/b`)
      const one = await readPackets(directory, await makeAll(forwards, film, rendition))
      const other = await readPackets(directory, await makeAll(backwards, film, rendition, [2, 3, 1, 0]))
      const times = (all: typeof one) => all.map(({ time, decodeTime }) => [time, decodeTime].map((s) => s.toFixed(4)))
      expect(times(other)).toEqual(times(one))
      await forwards.close()
      await backwards.close()
    }
  })

  it('makes sound that joins without a gap or a click, also across segments made by two jobs', async () => {
    const directory = temporaryDirectory()
    const film = await filmOf(await mkv(), 'video/x-matroska')
    for (const order of [
      [0, 1, 2, 3],
      [2, 0, 3, 1],
    ]) {
      const making = await openTestMaking(`${directory}/${order[0]}`)
      const parts = await makeAll(making, film, audio(2, firstAudio(film)), order)
      const packets = await readPackets(directory, parts)
      expectSteady(
        packets.map(({ time }) => time),
        1024 / 48_000,
      )
      const sound = await decodeSound(directory, parts)
      expect(worstSineError(sound.subarray(48_000, 19 * 48_000))).toBeLessThan(0.02)
      await making.close()
    }
  })
})

describe.each([
  // No index: what is told of its length and its tracks is ffprobe's.
  ['film.avi', 'video/x-msvideo', ['-c:v', 'mpeg4', '-g', '25', '-c:a', 'mp3']],
  ['film.ts', 'video/mp2t', [...H264, '-g', '25', '-bf', '2', '-c:a', 'ac3']],
] as const)('%s', (name, contentType, codecs) => {
  it('is made without a gap or a click after seeks, at the times that it has when played through', async () => {
    const directory = temporaryDirectory()
    const path = await makeFilm(name, [
      ...lavfi('testsrc2=size=640x360:rate=24:duration=20'),
      ...[...lavfi('sine=frequency=440:sample_rate=48000:duration=20'), ...codecs],
    ])
    const film = await filmOf(path, contentType)
    const makings = [await openTestMaking(`${directory}/a`), await openTestMaking(`${directory}/b`)]
    const [through = [], sought = []] = await Promise.all(
      makings.map(async (making, n) => {
        const order = n === 0 ? [] : [2, 3, 1, 0]
        return [
          await makeAll(making, film, video(480, firstVideo(film)), order),
          await makeAll(making, film, audio(2, firstAudio(film)), order),
        ]
      }),
    )
    for (const kind of [0, 1]) {
      const [one, other] = await Promise.all(
        [through, sought].map(async (parts, n) =>
          readPackets(`${directory}/${n === 0 ? 'a' : 'b'}`, parts[kind] ?? []),
        ),
      )
      expect(one?.length).toBeGreaterThan(400)
      expect(other?.map(({ time }) => time.toFixed(3))).toEqual(one?.map(({ time }) => time.toFixed(3)))
      const times = one?.map(({ time }) => time).sort((a, b) => a - b) ?? []
      // ffmpeg reads the pictures of an AVI a frame late; the first is shown from the beginning all the same.
      const isLate = name === 'film.avi' && kind === 0
      expectSteady(isLate ? times.slice(1) : times, kind === 0 ? 1 / 24 : 1024 / 48_000)
    }
    const sound = await decodeSound(directory, sought[1] ?? [])
    expect(worstSineError(sound.subarray(2 * 48_000, 18 * 48_000))).toBeLessThan(0.03)
    for (const making of makings) await making.close()
  })
})

describe('jobs of makeRendition', () => {
  it('leaves no ffmpeg when a viewer seeks away, when nobody asks any more, and when the room closes', async () => {
    const making = await openTestMaking(temporaryDirectory(), { idleMilliseconds: 600 })
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const ask = (n: number) => making.makeRendition(film, video(480, firstVideo(film)), n, context())
    await ask(0)
    expect(ffmpegsOf(process.pid).length).toBe(1)
    await ask(3)
    await until(() => ffmpegsOf(process.pid).length <= 1)
    await until(() => ffmpegsOf(process.pid).length === 0)
    void making.makeRendition(film, audio(2, firstAudio(film)), 2, context()).catch(() => {})
    await until(() => ffmpegsOf(process.pid).length === 1)
    await making.close()
    expect(ffmpegsOf(process.pid)).toEqual([])
  })

  it('gives up waiting when the viewer has gone', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const stuck: Film = { ...film, read: (_start, _end, signal) => untilAborted(signal) }
    const gone = new AbortController()
    const answer = making.makeRendition(stuck, video(480, firstVideo(film)), 0, context('stream-1', gone.signal))
    answer.catch(() => {})
    await until(() => ffmpegsOf(process.pid).length === 1)
    gone.abort()
    await expect(answer).rejects.toThrow('aborted')
    await making.close()
    expect(ffmpegsOf(process.pid)).toEqual([])
  })

  it('says why the film could not be read, and keeps nothing of what it made of half of it', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const half = film.sizeBytes / 2
    const read: Film['read'] = async (start, end, signal) => {
      if (end > half) throw new AppError('timed_out', 'Nobody sent the bytes.')
      return film.read(start, end, signal)
    }
    for (const rendition of [video(480, firstVideo(film)), audio(2, firstAudio(film))]) {
      const last = gridOf(film.inside, rendition).length - 1
      const answer = making.makeRendition({ ...film, read }, rendition, last, context())
      await expect(answer).rejects.toMatchObject({ code: 'timed_out' })
      const whole = await making.makeRendition(film, rendition, last, context())
      expect(whole.bytes.length).toBeGreaterThan(5000)
    }
    await making.close()
  })

  it('never opens an address that a hostile film names', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked++
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const good = await filmOf(await mkv(), 'video/x-matroska')
    const bytes = Buffer.from(
      `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nhttp://127.0.0.1:${port}/1.ts\n#EXT-X-ENDLIST\n`,
    )
    const film: Film = { ...good, sizeBytes: bytes.length, read: async (start, end) => bytes.subarray(start, end) }
    const making = await openTestMaking(temporaryDirectory())
    const answer = making.makeRendition(film, video(480, firstVideo(good)), 0, context())
    await expect(answer).rejects.toMatchObject({ code: 'not_playable' })
    expect(asked).toBe(0)
    await making.close()
  })

  it('falls back to software when hardware that made a frame fails on the film', async () => {
    const directory = temporaryDirectory()
    const command = join(directory, 'ffmpeg')
    writeFileSync(
      command,
      `#!/bin/sh
case "$*" in
*-encoders*) echo " V..... libx264 x"; echo " V..... h264_nvenc x"; echo " A..... aac x"; exit 0;;
*lavfi*h264_nvenc*) exec ffmpeg -nostdin -v error -f lavfi -i color=black:size=64x64 -frames:v 1 -c:v libx264 -f mp4 -movflags empty_moov pipe:1;;
*h264_nvenc*) echo "no more sessions" >&2; exit 1;;
*) exec ffmpeg "$@";;
esac
`,
    )
    chmodSync(command, 0o755)
    const making = await openTestMaking(directory, { tool: { ...tool, command } })
    expect((await making.capabilities()).hardware).toBe('h264_nvenc')
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const { bytes } = await making.makeRendition(film, video(480, firstVideo(film)), 0, context())
    expect(bytes.length).toBeGreaterThan(10_000)
    expect(making.lines.find(({ event }) => event === 'making_failed')?.reason).toContain('no more sessions')
    expect((await making.capabilities()).hardware).toBeUndefined()
    await making.close()
  })

  it('says exactly what to install where there is no ffmpeg', async () => {
    const making = await openTestMaking(temporaryDirectory(), {
      tool: { command: 'ffmpeg', environment: { PATH: '' } },
    })
    const film = await filmOf(await mkv(), 'video/x-matroska')
    const answer = making.makeRendition(film, video(480, firstVideo(film)), 0, context())
    await expect(answer).rejects.toMatchObject({
      code: 'needs_ffmpeg',
      message: expect.stringContaining('apt install'),
    })
    await making.close()
  })
})

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

/** Each step is one frame, give or take the milliseconds of Matroska. */
function expectSteady(times: readonly number[], stepSeconds: number) {
  const steps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
  expect(Math.min(...steps)).toBeGreaterThan(stepSeconds - 0.0016)
  expect(Math.max(...steps)).toBeLessThan(stepSeconds + 0.0016)
}
