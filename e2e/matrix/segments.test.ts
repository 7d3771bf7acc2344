/** Whole renditions, fetched segment by segment from a home as a player does: ffprobe finds no hole and no step back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { PlayPlan } from '#protocol/play-plan.ts'
import { StreamUrl } from '#protocol/stream-url.ts'
import { readPackets } from '../../node-agent/testing/read-packets.ts'
import { bringHome } from '../bring-home.ts'
import { type FilmHome, startFilmHome } from '../film-home.ts'
import { shareFilms } from '../share-films.ts'
import { isKnownWhole } from './cells.ts'
import { FILM_SECONDS } from './elementary-streams.ts'
import { type MatrixFilm, makeMatrixFilm } from './make-matrix-film.ts'

/** Opens no Matroska, so that whatever it decodes is copied. */
const device: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2'],
  containers: ['video/mp4'],
  segmentCodecs: ['avc1.640028', 'mp4a.40.2'],
  hls: 'mse',
}

const films: { name: string; mode: PlayPlan['mode']; film: MatrixFilm }[] = [
  {
    name: 'remux',
    mode: 'remux',
    film: { container: 'mkv', picture: 'h264', sound: 'aac', mischief: 'starts at 5 s' },
  },
  { name: 'audio', mode: 'audio', film: { container: 'mkv', picture: 'h264-vfr', sound: 'ac3-5.1' } },
  { name: 'transcode', mode: 'transcode', film: { container: 'mkv', picture: 'hevc', sound: 'dts' } },
  { name: 'transport', mode: 'remux', film: { container: 'ts', picture: 'h264', sound: 'aac' } },
]

const Ready = z.object({ plan: PlayPlan, urls: z.array(StreamUrl) })
const folder = mkdtempSync(join(tmpdir(), 'porchlight-segments-'))
let home: FilmHome

beforeAll(async () => {
  const shared = await Promise.all(films.map(async ({ name, film }) => ({ name, path: await makeMatrixFilm(film) })))
  home = await startFilmHome(await shareFilms(shared))
  for (const { name, film } of films) if (isKnownWhole(film)) await bringHome(home, name)
})
afterAll(async () => {
  await home?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(films)('a film under the plan $mode: $name', ({ name, mode }) => {
  it('is one unbroken run of pictures and one of sound, each segment where the playlist says', async () => {
    const body = { titleId: home.titleIds.get(name), startSeconds: 0, device }
    const ready = Ready.parse(await (await home.client.call('POST', '/api/streams', body)).json())
    expect(ready.plan.mode).toBe(mode)
    const master = new URL(`${ready.urls[0]?.url}/${ready.plan.resource}`)
    const text = await textOf(master)
    const [picture] = text.split('\n').filter((line) => /^[^#].*m3u8$/.test(line))
    const [, sound] = /TYPE=AUDIO.*URI="([^"]+)"/.exec(text) ?? []
    await checkRendition(new URL(picture ?? '', master), 'video')
    await checkRendition(new URL(sound ?? '', master), 'audio')
  })
})

/** Every segment by itself, and all of them behind one another. */
async function checkRendition(playlist: URL, kind: 'video' | 'audio'): Promise<void> {
  const text = await textOf(playlist)
  const durations = [...text.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds))
  const uris = text.split('\n').filter((line) => /^[^#]/.test(line))
  const init = await bytesOf(new URL(/#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1] ?? '', playlist))
  const segments = await Promise.all(uris.map((uri) => bytesOf(new URL(uri, playlist))))
  expect(segments).toHaveLength(durations.length)
  expect(Math.abs(sum(durations) - FILM_SECONDS)).toBeLessThan(0.2)

  for (const [n, segment] of segments.entries()) {
    const [first] = await readPackets(folder, [init, segment])
    expect(first?.isKey).toBe(true)
    // Where B-frames are written with negative offsets ffprobe adds their delay to every time: then the decode time tells.
    // Sound may be cut a few of its frames beside the picture's cut.
    const begins = [first?.time, first?.decodeTime].map((seconds = Number.NaN) => seconds - sum(durations.slice(0, n)))
    expect(Math.min(...begins.map(Math.abs)), `the start of ${kind} segment ${n}`).toBeLessThan(
      kind === 'video' ? 0.05 : 0.1,
    )
  }
  const packets = await readPackets(folder, [init, ...segments])
  const decoded = packets.map(({ decodeTime }) => decodeTime)
  expect(decoded.every((seconds, n) => n === 0 || seconds > (decoded[n - 1] ?? 0))).toBe(true)
  const shown = packets.map(({ time }) => time).sort((a, b) => a - b)
  const steps = shown.slice(1).map((seconds, n) => seconds - (shown[n] ?? 0))
  // The variable rate goes down to eight frames a second; a frame of sound is a fiftieth.
  expect(Math.max(...steps)).toBeLessThan(kind === 'video' ? 0.2 : 0.05)
  expect(Math.min(...steps)).toBeGreaterThan(0)
  expect(Math.abs((shown.at(-1) ?? 0) - FILM_SECONDS)).toBeLessThan(0.2)
}

const sum = (all: readonly number[]) => all.reduce((total, one) => total + one, 0)

async function bytesOf(url: URL): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url.pathname.split('/').slice(-3).join('/')}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

const textOf = async (url: URL) => new TextDecoder().decode(await bytesOf(url))
