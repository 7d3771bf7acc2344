import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { decodeSound, decodingComplaints, readPackets } from '../../testing/read-packets.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf, openTestMaking, type TestMaking } from '../../testing/test-making.ts'
import type { Film } from '../film.ts'
import { segmentGrid } from '../hls/segment-grid.ts'
import type { MadeRendition } from './make-rendition.ts'

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
  const all = segmentGrid(film.inside).map((_, n) => n)
  const made = new Map<number, Uint8Array>()
  const init = (await making.makeRendition(film, rendition, undefined, context())).bytes
  for (const n of order ?? all) made.set(n, (await making.makeRendition(film, rendition, n, context())).bytes)
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
    const grid = segmentGrid(film.inside)
    expect(grid.length).toBe(4)
    expect(packets.filter(({ isKey }) => isKey).map(({ time }) => time.toFixed(3))).toEqual(
      // The first segment begins with the first frame, and sound came five milliseconds before it.
      grid.map(({ startSeconds }) => (startSeconds || (film.inside.keyframes?.timesSeconds[0] ?? 0)).toFixed(3)),
    )
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
      const other = await readPackets(directory, await makeAll(backwards, film, rendition, [3, 2, 1, 0]))
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

/** Each step is one frame, give or take the milliseconds of Matroska. */
function expectSteady(times: readonly number[], stepSeconds: number) {
  const steps = times.slice(1).map((time, n) => time - (times[n] ?? 0))
  expect(Math.min(...steps)).toBeGreaterThan(stepSeconds - 0.0016)
  expect(Math.max(...steps)).toBeLessThan(stepSeconds + 0.0016)
}

/** A sine satisfies x[n+1] + x[n-1] = 2 cos(w) x[n]: the worst miss, against its loudest sample. A click is a miss. */
function worstSineError(sound: Float32Array): number {
  const factor = 2 * Math.cos((2 * Math.PI * 440) / 48_000)
  const at = (n: number) => sound[n] ?? 0
  let [worst, loudest] = [0, 0]
  for (let n = 1; n + 1 < sound.length; n++) {
    worst = Math.max(worst, Math.abs(at(n + 1) + at(n - 1) - factor * at(n)))
    loudest = Math.max(loudest, Math.abs(at(n)))
  }
  return worst / loudest
}
