/** Copied segments of films made by ffmpeg: every frame once, no gap, no overlap, the same bytes in any order. */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nothingFound } from '../../state/probe.ts'
import { makeFilm } from '../../testing/make-film.ts'
import { decodingComplaints } from '../../testing/read-packets.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import type { Film } from '../film.ts'
import { probe } from '../inside/probe.ts'
import type { Made } from '../make-resource.ts'
import { hlsMakers } from './hls-makers.ts'
import { createCopies } from './open-copies.ts'
import { readFragment, readTimescale } from './read-fragment-for-tests.ts'
import { segmentGrid } from './segment-grid.ts'

const pictures = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=20']
const sound = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000:d=20']
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-bf', '2']
const film = [...pictures, ...sound]

type Opened = { film: Film; bytesRead(): number }
async function openPath(path: string): Promise<Opened> {
  const bytes = await readFile(path)
  let bytesRead = 0
  const read = async (start: number, end: number) => {
    bytesRead += end - start
    return bytes.subarray(start, end)
  }
  const isOnDisk = () => true
  const inside =
    (await probe({ sizeBytes: bytes.length, read, isWhole: true }, new AbortController().signal)) ?? nothingFound
  bytesRead = 0
  const identity = { sourceId: 'source-1', path, contentType: 'video/mp4', etag: `"${path}"` }
  return { film: { ...identity, sizeBytes: bytes.length, inside, read, isOnDisk }, bytesRead: () => bytesRead }
}

const nothingMade = async () => {
  throw new Error('nothing is made here')
}
const context = () => ({ signal: new AbortController().signal, correlationId: 'c', streamId: 's' })
async function copy(
  film: Film,
  kind: 'video' | 'audio',
  order: (count: number) => number[] = (n) => [...Array(n).keys()],
) {
  const trackId = film.inside.tracks[kind][0]?.id ?? -1
  const rendition = { kind, trackId } as const
  const copies = createCopies()
  const { init, segment } = hlsMakers(copies, nothingMade)
  const head = await init?.(film, { kind: 'init', rendition }, context())
  const segments: Uint8Array[] = []
  for (const index of order(segmentGrid(film.inside).length)) {
    segments[index] = await whole(segment?.(film, { kind: 'segment', rendition, index }, context()))
  }
  copies.close()
  return { init: head?.bytes ?? new Uint8Array(0), segments }
}

/** Its parts are good only until the next is asked for. */
async function whole(making: Promise<Made> | undefined): Promise<Uint8Array> {
  const made = await making
  const parts = [Buffer.from(made?.bytes ?? [])]
  for await (const part of made?.rest ?? []) parts.push(Buffer.from(part))
  return Uint8Array.from(Buffer.concat(parts))
}

const films: [string, string[]][] = [
  ['H.264 and AAC in Matroska', ['a.mkv', ...film, ...x264, '-c:a', 'aac']],
  ['H.264 and AC-3 in Matroska', ['b.mkv', ...film, ...x264, '-c:a', 'ac3']],
  ['an open GOP', ['c.mkv', ...film, ...x264, '-x264-params', 'open-gop=1', '-c:a', 'aac']],
  ['a first timestamp that is not zero', ['d.mkv', ...film, ...x264, '-c:a', 'aac', '-output_ts_offset', '5']],
  [
    'a variable frame rate',
    ['e.mkv', ...film, '-vf', 'select=not(eq(mod(n\\,3)\\,1))', '-vsync', 'vfr', ...x264, '-c:a', 'flac'],
  ],
  [
    'VP9 and Opus in WebM',
    ['f.webm', ...film, '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '48', '-c:a', 'libopus'],
  ],
  ['no Cues', ['g.mkv', ...film, ...x264, '-c:a', 'libmp3lame', '-live', '1']],
  [
    'HEVC and E-AC-3',
    [
      'h.mkv',
      ...film,
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:keyint=48:open-gop=0',
      '-c:a',
      'eac3',
    ],
  ],
  ['H.264 and AAC in MP4', ['i.mp4', ...film, ...x264, '-c:a', 'aac']],
  ['H.264 and AAC in a transport stream', ['k.ts', ...film, ...x264, '-c:a', 'aac']],
  ['H.264 and AC-3 in a transport stream', ['l.ts', ...film, ...x264, '-c:a', 'ac3']],
  ['H.264 and MP3 in a transport stream', ['m.ts', ...film, ...x264, '-c:a', 'libmp3lame']],
  ['Blu-ray’s transport stream', ['n.m2ts', ...film, ...x264, '-c:a', 'ac3', '-mpegts_m2ts_mode', '1']],
  [
    'HEVC and E-AC-3 in a transport stream',
    [
      ...['q.ts', ...film, '-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-x265-params', 'log-level=none:keyint=48:open-gop=0', '-c:a', 'eac3'],
    ],
  ],
  ['a transport stream with open groups', ['o.ts', ...film, ...x264, '-x264-params', 'open-gop=1', '-c:a', 'aac']],
  ['times that wrap', ['p.ts', ...film, ...x264, '-c:a', 'aac', '-output_ts_offset', '95434', '-muxdelay', '0.3']],
  ['an MP4 that begins late', ['j.mp4', ...film, ...x264, '-c:a', 'aac', '-output_ts_offset', '5']],
]

/** As ffprobe counts them, without the priming that an edit list leaves out. */
function countPackets(path: string, kind: 'video' | 'audio'): number {
  const select = ['-select_streams', `${kind[0]}:0`, '-show_entries', 'packet=flags', '-of', 'csv=p=0']
  const lines =
    execFileSync('ffprobe', ['-v', 'error', ...select, path])
      .toString()
      .match(/[K_][D_].?/g) ?? []
  return lines.filter((flags) => flags[1] !== 'D').length
}

describe('copied segments', () => {
  it.each(films)('hold every frame of %s, without gap or overlap', async (_what, [name = '', ...args]) => {
    const path = await makeFilm(name, args)
    const { film } = await openPath(path)
    const grid = segmentGrid(film.inside)
    expect(grid.length).toBeGreaterThanOrEqual(2)
    for (const kind of ['video', 'audio'] as const) {
      const { init, segments } = await copy(film, kind)
      const timescale = readTimescale(init)
      const read = segments.map((segment) => readFragment(segment, kind === 'video' ? 0 : timescale * 0.0021))
      expect(read.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(countPackets(path, kind))
      for (const [n, { begin, end, samples }] of read.entries()) {
        // To the tick for pictures of a closed group; Matroska rounds sound to the millisecond.
        const next = read[n + 1]?.begin ?? end
        const slack = kind === 'video' && film.inside.keyframes?.isClosed ? 1 : timescale * 0.0021
        expect(Math.abs(next - end)).toBeLessThanOrEqual(slack)
        expect(Math.abs(begin / timescale - (grid[n]?.startSeconds ?? 0))).toBeLessThan(n === 0 ? 0.1 : 0.25)
        if (kind === 'video') expect(samples[0]?.isKey).toBe(true)
        expect(samples.every(({ duration }) => duration > 0)).toBe(true)
      }
      const complaints = await decodingComplaints(temporaryDirectory(), [init, ...segments])
      expect(complaints.replaceAll(/^.*(Estimating duration|deprecated pixel|non monotonically).*\n?/gm, '')).toBe('')
    }
  })

  it.each(['a.mkv', 'i.mp4', 'k.ts'])('are the same bytes in any order, out of %s', async (name) => {
    const [, [, ...args] = []] = films.find(([, [file]]) => file === name) ?? []
    const { film } = await openPath(await makeFilm(name, args))
    for (const kind of ['video', 'audio'] as const) {
      const forward = await copy(film, kind)
      const backward = await copy(film, kind, (count) => [...Array(count).keys()].reverse())
      expect(backward).toEqual(forward)
    }
  })

  it('read only the bytes of their segment', async () => {
    const [, [name = '', ...args] = []] = films[0] ?? []
    const { film, bytesRead } = await openPath(await makeFilm(name, args))
    const { segment } = hlsMakers(createCopies(), nothingMade)
    const rendition = { kind: 'video', trackId: 1 } as const
    const size = (await whole(segment?.(film, { kind: 'segment', rendition, index: 1 }, context()))).length
    expect(bytesRead()).toBeLessThan(size * 1.2 + 1024)
  })

  it('read little more of a transport stream, and what picture and sound share but once', async () => {
    const [, [name = '', ...args] = []] = films.find(([, [file]]) => file === 'k.ts') ?? []
    const { film, bytesRead } = await openPath(await makeFilm(name, args))
    const copies = createCopies()
    const { segment } = hlsMakers(copies, nothingMade)
    const [video, audio] = [film.inside.tracks.video[0]?.id ?? -1, film.inside.tracks.audio[0]?.id ?? -1]
    const ask = async (kind: 'video' | 'audio', trackId: number) =>
      (await segment?.(film, { kind: 'segment', rendition: { kind, trackId }, index: 1 }, context()))?.bytes.length ?? 0
    // Its tracks are looked for once.
    await ask('audio', audio)
    const before = bytesRead()
    const size = await ask('video', video)
    expect(bytesRead()).toBe(before)
    expect(before).toBeLessThan(size * 1.5 + 1024 * 1024)
    copies.close()
  })

  it('leave out a picture that the end of a film cuts off', async () => {
    const [, [name = '', ...args] = []] = films[0] ?? []
    const whole = await readFile(await makeFilm(name, args))
    const path = join(temporaryDirectory(), 'cut-short.mkv')
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.6)))
    const { film } = await openPath(path)
    const { init, segments } = await copy(film, 'video')
    expect(await decodingComplaints(temporaryDirectory(), [init, ...segments])).toBe('')
  })

  it('are refused past the end, and of tracks that are not there', async () => {
    const [, [name = '', ...args] = []] = films[0] ?? []
    const { film } = await openPath(await makeFilm(name, args))
    const { segment } = hlsMakers(createCopies(), nothingMade)
    const ask = (trackId: number, index: number, kind: 'video' | 'audio' = 'video') =>
      segment?.(film, { kind: 'segment', rendition: { kind, trackId }, index }, context())
    await expect(ask(1, 999)).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask(9, 0)).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask(1, 0, 'audio')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('say so where the film is damaged, and go on after it', async () => {
    const [, [name = '', ...args] = []] = films[0] ?? []
    const { film } = await openPath(await makeFilm(name, args))
    const [, second, third] = film.inside.keyframes?.positions ?? []
    const whole = await film.read(0, film.sizeBytes, context().signal)
    const damaged = Uint8Array.from(whole)
    const grid = segmentGrid(film.inside)
    const cut = film.inside.keyframes?.timesSeconds.indexOf(grid[1]?.startSeconds ?? -1) ?? -1
    const from = film.inside.keyframes?.positions?.[cut]?.clusterByte ?? 0
    expect([second, third]).not.toContain(undefined)
    damaged.fill(0, from, from + 2000)
    const broken: Film = { ...film, etag: '"broken"', read: async (start, end) => damaged.subarray(start, end) }
    const { segment } = hlsMakers(createCopies(), nothingMade)
    const ask = (index: number) =>
      segment?.(broken, { kind: 'segment', rendition: { kind: 'video', trackId: 1 }, index }, context())
    await expect(ask(1)).rejects.toMatchObject({ code: 'not_playable', message: expect.stringContaining('damaged') })
    expect((await ask(2))?.bytes.length).toBeGreaterThan(1000)
  })
})

describe('the colours that the init of a copied picture says', () => {
  const of = (lines: number) => ['-f', 'lavfi', '-i', `color=0xdc1e1e:s=640x${lines}:r=24:d=2`, ...x264]
  /** Written over the sequence parameters: the container has heard of nothing else. */
  const saying = (what: string) => ['-pix_fmt', 'yuv420p', '-bsf:v', `h264_metadata=${what}`]
  const high = 'colour_primaries=1:transfer_characteristics=1:matrix_coefficients=1'
  it.each<[string, string, string[], number[]]>([
    ['BT.601, of few lines in Matroska that say nothing', 'sd.mkv', of(360), [6, 6, 6, 0]],
    ['the same in MP4', 'sd.mp4', of(360), [6, 6, 6, 0]],
    ['the same in a transport stream', 'sd.ts', of(360), [6, 6, 6, 0]],
    ['what few lines say in their parameters alone', 'high.mkv', [...of(360), ...saying(high)], [1, 1, 1, 0]],
    ['the same in a transport stream', 'high.ts', [...of(360), ...saying(high)], [1, 1, 1, 0]],
    [
      'nothing, where only the range is said',
      'full.mkv',
      [...of(360), ...saying('video_full_range_flag=1')],
      [2, 2, 2, 0x80],
    ],
    ['nothing, of many lines that say nothing', 'hd.mkv', of(720), [2, 2, 2, 0]],
  ])('are %s (%s)', async (_what, name, args, expected) => {
    const { film } = await openPath(await makeFilm(name, args))
    const init = Buffer.from((await copy(film, 'video', () => [])).init)
    const at = init.indexOf('colrnclx')
    expect(at).toBeGreaterThan(0)
    expect([...[8, 10, 12].map((n) => init.readUInt16BE(at + n)), init[at + 14]]).toEqual(expected)
  })
})
