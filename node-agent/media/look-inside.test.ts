/** Films that keep something to themselves until they are whole, looked into while they arrive from a real swarm, and after. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { nothingFound } from '../state/probe.ts'
import { openState } from '../state/state.ts'
import { bigBuckBunnyFile } from '../testing/big-buck-bunny.ts'
import { makeFilm } from '../testing/make-film.ts'
import { startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { ask, startTestHome } from '../testing/test-home.ts'
import { withoutCues } from '../testing/without-cues.ts'
import { probe } from './inside/probe.ts'
import { lookInside } from './look-inside.ts'
import { createOpenFilm } from './open-film.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

/** Opens no Matroska, so that whatever has an index is copied. */
const device: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2'],
  containers: ['video/mp4'],
  segmentCodecs: ['avc1.640028', 'mp4a.40.2'],
  hls: 'mse',
  needsClosedGop: true,
}
const withFfmpeg = async () => ({
  ...({ hasFfmpeg: true, video: true, toneMapping: true, hardware: undefined, audio: 'any' } as const),
})

const matroska = async () => readFileSync(await makeFilm('film.mkv', ['-i', bigBuckBunnyFile, '-c', 'copy']))
/** Its first keyframes are IDRs, and those after six seconds are not; nothing in it says so but they themselves. */
const openLater = async () => {
  const noise = ['-f', 'lavfi', '-i', 'color=gray:s=320x180:r=24:d=24,noise=alls=100:allf=t,format=yuv420p']
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'high', '-b:v', '8M', '-x264-params']
  const open = 'open-gop=1:keyint=48:min-keyint=48:scenecut=0:bframes=2:b-adapt=0'
  const idrs = ['-force_key_frames', '0,2,4,6', '-forced-idr', '1', '-bsf:v', 'filter_units=remove_types=6']
  return readFileSync(await makeFilm('film.mp4', [...noise, ...x264, open, ...idrs, '-movflags', '+faststart']))
}

async function begin(name: string, film: Buffer) {
  const seeder = await startSeeder({ files: { [name]: film }, pieceBytes: 256 * 1024 })
  const home = await startTestHome(temporaryDirectory())
  running.push(seeder, home)
  const { torrents, state } = home
  const opener = createOpenFilm({
    ...{ torrents, sources: state.sources, isTrustedTracker: () => false, capabilities: withFfmpeg },
  })
  const open = async (streamId: string, on: DeviceProfile = device) => {
    const reply = await opener.open(
      {
        ...{ kind: 'open', streamId, sourceId: 'source-1', source: seeder.source, file: {} },
        ...{ startSeconds: 0, device: on, wish: {} },
      },
      { signal: AbortSignal.timeout(20_000), correlationId: 'correlation-1', onStage: () => {} },
    )
    opener.close(streamId)
    return reply
  }
  const token = await home.token({ path: name })
  const get = async (beneath: string) => {
    const { status, body } = await ask(home.port, `/api/stream/${token}/${beneath}`)
    return { status, body }
  }
  /** Everything is at home from then on. */
  const arrive = async () => expect((await ask(home.port, `/api/stream/${token}`)).body.equals(film)).toBe(true)
  return { home, open, get, arrive }
}

it('a film cut short whose index stands at its front ends, in a look at all of it, where its last frame does', async () => {
  const whole = readFileSync(
    await makeFilm('film.mkv', ['-i', bigBuckBunnyFile, '-c', 'copy', '-reserve_index_space', '4096']),
  )
  const film = whole.subarray(0, Math.floor(whole.length * 0.6))
  const read = async (start: number, end: number) => film.subarray(start, end)
  const found = await probe({ sizeBytes: film.length, read, isWhole: true }, AbortSignal.timeout(20_000))
  expect(found?.keyframes?.isCounted).toBeUndefined()
  expect(found?.durationSeconds).toBeGreaterThan(10)
  expect(found?.durationSeconds).toBeLessThan(25)
})

describe('a Matroska film without an index', () => {
  it('is made anew while it arrives, and copied once it is whole', async () => {
    const { open, get, arrive } = await begin('film.mkv', withoutCues(await matroska()))
    const arriving = await open('stream-1')
    expect(arriving.plan).toMatchObject({ mode: 'transcode', resource: 'hls/v1-720+v1-480+a2-aac2/master.m3u8' })
    expect(await open('stream-2')).toEqual(arriving)
    await arrive()
    const whole = await open('stream-3')
    expect(whole.plan).toMatchObject({ mode: 'remux', resource: 'hls-whole/v1+a2/master.m3u8' })
    expect((await get('hls-whole/v1/0.m4s')).status).toBe(200)
    expect(await open('stream-4')).toEqual(whole)
  })

  it('goes on by the cuts it began with for whoever plays it already', async () => {
    const { open, get, arrive } = await begin('film.mkv', withoutCues(await matroska()))
    await open('stream-1')
    const before = await get('hls/v1-480/index.m3u8')
    const first = await get('hls/v1-480/1.m4s')
    expect(before.body.toString()).toContain('#EXTINF')
    expect((await get('hls-whole/v1-480/index.m3u8')).status).toBe(404)
    await arrive()
    await open('stream-2')
    const other = await get('hls-whole/v1-480/index.m3u8')
    expect(other.body.toString()).toContain('#EXTINF')
    expect(other.body.equals(before.body)).toBe(false)
    expect(await get('hls/v1-480/index.m3u8')).toEqual(before)
    // Not even what was made of one is given out for the other.
    expect(await get('hls/v1-480/1.m4s')).toEqual(first)
    const anew = await get('hls-whole/v1-480/3.m4s')
    expect(anew.status).toBe(200)
    expect((await get('hls/v1-480/3.m4s')).body.equals(anew.body)).toBe(false)
  })

  it('that was cut short ends where it really ends, once that can be known', async () => {
    const whole = await matroska()
    const { open, get, arrive } = await begin('film.mkv', whole.subarray(0, Math.floor(whole.length * 0.6)))
    expect((await open('stream-1')).durationSeconds).toBeCloseTo(30, 0)
    await arrive()
    // Whoever began before that is told, and not left waiting.
    const lines = (await get('hls/v1-480/index.m3u8')).body.toString().match(/m4s$/gm) ?? []
    const past = await get(`hls/v1-480/${lines.length - 1}.m4s`)
    expect([past.status, JSON.parse(past.body.toString())]).toMatchObject([422, { error: { code: 'not_playable' } }])
    expect((await get('hls/v1-480/3.m4s')).status).toBe(200)
    const { durationSeconds = 0, plan } = await open('stream-2')
    expect(durationSeconds).toBeGreaterThan(10)
    expect(durationSeconds).toBeLessThan(25)
    expect(plan.mode).toBe('remux')
    const text = (await get('hls-whole/v1/index.m3u8')).body.toString()
    const seconds = [...text.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, one]) => sum + Number(one), 0)
    expect(seconds).toBeCloseTo(durationSeconds, 1)
  })
})

it('an MP4 whose later groups are open is played as it is while it arrives, and made anew once that is seen', async () => {
  const { open, arrive } = await begin('film.mp4', await openLater())
  expect((await open('stream-1')).plan.mode).toBe('direct')
  await arrive()
  expect((await open('stream-2')).plan).toMatchObject({ mode: 'transcode', reasons: ['open_gop'] })
})

it('a film in which a second look finds nothing new keeps its paths', async () => {
  const { open, arrive, home } = await begin('film.mkv', await matroska())
  const arriving = await open('stream-1')
  expect(arriving.plan.resource).toBe('hls/v1+a2/master.m3u8')
  await arrive()
  expect(await open('stream-2')).toEqual(arriving)
  expect(home.state.sources.findFile('source-1', 'film.mkv')).toMatchObject({ probe: { isOfWhole: true } })
})

it('fifty who look at once, as the film becomes whole, never change what the first of them began with', async () => {
  const state = openState(temporaryDirectory())
  state.sources.save('source-1', { infoHash: 'a'.repeat(40), hints: { trackers: [], webSeeds: [], peers: [] } })
  const file = { sourceId: 'source-1', path: 'film.mkv', sizeBytes: 1 }
  let looks = 0
  const begun: ((value?: unknown) => void)[] = []
  const look = async (isOfWhole: boolean) => {
    await new Promise((resolve) => begun.push(resolve))
    return { ...nothingFound, isOfWhole, durationSeconds: isOfWhole ? 60 : 90 }
  }
  const all = Array.from({ length: 50 }, () => lookInside(state.sources, file, () => looks++ % 2 === 1, look))
  await vi.waitFor(() => expect(begun).toHaveLength(50))
  begun[0]?.()
  await all[0]
  for (const go of begun.reverse()) go()
  const found = await Promise.all(all)
  expect(state.sources.findFile('source-1', 'film.mkv')).toMatchObject({
    ...{ probe: { durationSeconds: 90, isOfWhole: false }, wholeProbe: { durationSeconds: 60, isOfWhole: true } },
  })
  // Each was told of a look together with the path that it is kept under.
  for (const { inside, cutBy } of found) expect(inside?.durationSeconds).toBe(cutBy === 'whole' ? 60 : 90)
  state.close()
})
