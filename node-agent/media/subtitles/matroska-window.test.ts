/** Blocks of a subtitle track by windows, out of Matroska bytes made here, honest and hostile. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nothingFound, type Probe, type SubtitleEntry } from '../../state/probe.ts'
import { chooseCues, MOST_WINDOW_BYTES, readSubtitleBlocks } from './matroska-window.ts'

const element = (id: string, ...parts: Uint8Array[]): Buffer => {
  const data = Buffer.concat(parts)
  const size = Buffer.alloc(8)
  size.writeUIntBE(data.length, 2, 6)
  size[0] = 0x01
  return Buffer.concat([Buffer.from(id, 'hex'), size, data])
}
const uint = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex')
const block = (id: 'a1' | 'a3', track: number, ticks: number, text: string) => {
  const head = Buffer.from([0x80 | track, 0, 0, 0x80])
  head.writeInt16BE(ticks, 1)
  return element(id, head, Buffer.from(text))
}
const group = (track: number, ticks: number, duration: number, text: string) =>
  element('a0', block('a1', track, ticks, text), element('9b', uint(duration)))

/** A cluster each ten seconds; track 1 is a lot of picture, track 2 says how late it is. */
const clusterAt = (seconds: number) =>
  element(
    '1f43b675',
    element('e7', uint(seconds * 1000)),
    block('a3', 1, 0, 'x'.repeat(100_000)),
    group(2, 1000, 2000, `at ${String(seconds + 1).padStart(3)}`),
    block('a3', 1, 2000, 'y'.repeat(100_000)),
    group(2, 9000, 3000, `at ${String(seconds + 9).padStart(3)}`),
  )
const starts = Array.from({ length: 20 }, (_, index) => index * 10)
const clusters = starts.map(clusterAt)
const film = Buffer.concat(clusters)
const size = clusters[0]?.length ?? 0
const relative = (clusters[0] ?? Buffer.alloc(0)).indexOf(Buffer.from('a001', 'hex'), 100_000) - 12

function open(bytes: Uint8Array, cues: SubtitleEntry['cues'], change: Partial<Probe> = {}) {
  let fetched = 0
  const entry: SubtitleEntry = { trackId: 'e2', trackNumber: 2, codecId: 'S_TEXT/UTF8', cues }
  const clustersAt = { timestampScale: 1_000_000, firstByte: 0, endByte: bytes.length }
  const reader = {
    sizeBytes: bytes.length,
    inside: { ...nothingFound, clusters: clustersAt, ...change },
    async read(start: number, end: number) {
      fetched += end - start
      return bytes.subarray(start, end)
    },
  }
  const back = { entries: 3, seconds: 30 }
  const window = { startSeconds: 60, endSeconds: 120 }
  const read = () => readSubtitleBlocks(reader, entry, window, back, new AbortController().signal)
  return { read, fetched: () => fetched }
}
const cuesWith = (relativeByte?: number) =>
  starts.map((seconds, index) => ({
    atSeconds: seconds + 1,
    clusterByte: index * size,
    ...(relativeByte === undefined ? {} : { relativeByte }),
  }))
const inWindow = starts.filter((seconds) => seconds >= 60 && seconds < 120)
const all = inWindow.flatMap((seconds) => [seconds + 1, seconds + 9])

describe('blocks of a window', () => {
  it('are read alone where the Cues say where they are', async () => {
    const { read, fetched } = open(film, cuesWith(relative))
    const blocks = await read()
    expect(blocks.map(({ startSeconds }) => startSeconds)).toEqual([31, 41, 51, 61, 71, 81, 91, 101, 111])
    expect(blocks[3]).toEqual({ startSeconds: 61, endSeconds: 63, data: Buffer.from('at  61') })
    expect(fetched()).toBeLessThan(9 * 5000)
  })

  it('are found in their clusters where the Cues name only those', async () => {
    const { read } = open(film, cuesWith())
    expect((await read()).map(({ startSeconds }) => startSeconds)).toEqual([31, 39, 41, 49, 51, 59, ...all])
  })

  it('are found around the window without Cues, stepping over the films’ own blocks', async () => {
    const positions = starts.map((_, index) => ({ clusterByte: index * size, relativeByte: 0 }))
    const keyframes = { timesSeconds: starts, isClosed: true, positions }
    const { read, fetched } = open(film, [], { keyframes })
    expect((await read()).map(({ startSeconds }) => startSeconds)).toEqual([31, 39, 41, 49, 51, 59, ...all])
    expect(fetched()).toBeLessThan(film.length / 2)
  })

  it('are found without any index, from the first cluster on', async () => {
    const { read } = open(film, [])
    expect((await read()).map(({ startSeconds }) => startSeconds)).toEqual([31, 39, 41, 49, 51, 59, ...all])
  })

  it('are found in clusters that do not know how long they are', async () => {
    const live = clusters.map((cluster) => {
      const copy = Buffer.from(cluster)
      Buffer.from('01ffffffffffffff', 'hex').copy(copy, 4)
      return copy
    })
    const { read } = open(Buffer.concat(live), [])
    expect((await read()).map(({ startSeconds }) => startSeconds)).toEqual([31, 39, 41, 49, 51, 59, ...all])
  })

  it('have the film’s own times when it does not begin at nought', async () => {
    const { read } = open(film, [], { startSeconds: 1 })
    expect((await read())[0]).toMatchObject({ startSeconds: 30, endSeconds: 32 })
  })

  it('take no more memory than a window may, when the Cues name them inside one another', async () => {
    const nested = Buffer.alloc(9 * 1024 * 1024)
    // Every 16 bytes a block that says it is 8 MiB long; the first of them within an honest cluster.
    const head = Buffer.from('a3010000000080000082000080202020', 'hex')
    for (let at = 0; at < 1024 * 1024; at += head.length) head.copy(nested, at)
    const cluster = element('1f43b675', element('e7', uint(60_000)), nested)
    const start = cluster.length - nested.length - 12
    const cues = Array.from({ length: 1000 }, (_, n) => ({
      ...{ atSeconds: 60 + n / 100, clusterByte: 0, relativeByte: start + 16 * n },
    }))
    const { read, fetched } = open(cluster, cues)
    await read()
    expect(fetched()).toBeGreaterThan(8 * 1024 * 1024)
    expect(fetched()).toBeLessThan(2 * MOST_WINDOW_BYTES)
  })

  it('are what can be read of a file that lies or is cut off, and reading ends', async () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 })
    const small = Buffer.concat(
      starts.map((seconds) => element('1f43b675', element('e7', uint(seconds * 1000)), group(2, 1000, 2000, 'hi'))),
    )
    const smallSize = small.length / starts.length
    await fc.assert(
      fc.asyncProperty(damage, fc.nat({ max: small.length }), fc.boolean(), async (changes, length, hasCues) => {
        const bytes = Buffer.from(small.subarray(0, length))
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        const cues = starts.map((atSeconds, index) => ({ atSeconds, clusterByte: index * smallSize, relativeByte: 16 }))
        const { read, fetched } = open(bytes, hasCues ? cues : [])
        for (const { data } of await read()) expect(data.length).toBeLessThanOrEqual(bytes.length)
        expect(fetched()).toBeLessThan(1_000_000)
      }),
      { numRuns: 300 },
    )
  })
})

it('chooses what is in the window, and the last few before it', () => {
  const cues = [5, 40, 59, 60, 119, 120, 50].map((atSeconds) => ({ atSeconds, clusterByte: 0 }))
  const chosen = chooseCues(cues, { startSeconds: 60, endSeconds: 120 }, { entries: 2, seconds: 30 })
  expect(chosen.map(({ atSeconds }) => atSeconds)).toEqual([50, 59, 60, 119])
})
