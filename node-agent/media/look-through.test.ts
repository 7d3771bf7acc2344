/** Transport streams too long to be read through while somebody waits: opened at once, read on behind, and copied from then on. */
import { readFileSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { makeFilm } from '../testing/make-film.ts'
import { startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { ask, startTestHome } from '../testing/test-home.ts'
import { tool } from '../testing/test-making.ts'
import { readTorrentSource } from '../torrents/metadata/read-torrent-source.ts'
import { createLookInto } from './look-through.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

async function begin() {
  // Noise is large: ffprobe reads five megabytes of it, and not the middle.
  const noise = 'color=gray:s=192x108:r=24:d=12,noise=alls=100:allf=t,format=yuv420p'
  const picture = ['-f', 'lavfi', '-i', noise, '-f', 'lavfi', '-i', 'sine=d=12']
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-b:v', '12M', '-c:a', 'aac']
  const film = readFileSync(await makeFilm('film.ts', [...picture, ...codec]))
  const seeder = await startSeeder({ files: { 'film.ts': film }, pieceBytes: 64 * 1024 })
  const home = await startTestHome(temporaryDirectory())
  running.push(seeder, home)
  const { torrents, state } = home
  const source = await readTorrentSource(seeder.source, () => false)
  const signal = AbortSignal.timeout(30_000)
  const torrent = await torrents.open(source, { signal, correlationId: 'correlation-1' })
  const [file] = torrent.layout.files
  if (!file) throw new Error('no file')
  state.sources.save('source-1', source)
  state.sources.saveFile('source-1', file.path, file.sizeBytes)
  /** Everything is at home from then on. */
  const arrive = async () => {
    const token = await home.token({ path: 'film.ts' })
    expect((await ask(home.port, `/api/stream/${token}`)).body.equals(film)).toBe(true)
  }
  const known = () => state.sources.findFile('source-1', 'film.ts')
  return { arrive, known, state, look: { torrent, file, signal }, stop: () => home.stop() }
}

it('is opened by its ends, fifty times at once, and has its index for whoever opens it afterwards', async () => {
  const { arrive, known, state, look } = await begin()
  await arrive()
  const { torrent, file, signal } = look
  const lookInto = createLookInto(state.sources, tool, 1024)
  const first = await lookInto(torrent, file, 'source-1', signal)
  expect(first.cutBy).toBeUndefined()
  expect(first.inside).toMatchObject({ isOfWhole: false, durationSeconds: expect.closeTo(12, 0) })
  expect(first.inside?.keyframes).toBeUndefined()
  const others = await Promise.all(Array.from({ length: 50 }, () => lookInto(torrent, file, 'source-1', signal)))
  for (const { inside } of others) expect(inside?.durationSeconds).toBeCloseTo(12, 0)
  await vi.waitFor(() => expect(known()?.wholeProbe?.keyframes?.timesSeconds).toHaveLength(6), 20_000)
  // Whoever plays already goes on by what they were told.
  expect(known()?.probe).toEqual(first.inside)
  const later = await lookInto(torrent, file, 'source-1', signal)
  expect(later).toMatchObject({ cutBy: 'whole', inside: { isOfWhole: true, keyframes: { isClosed: true } } })
})

it('without ffprobe is waited for, and not lost by whoever gives up', async () => {
  const { arrive, known, state, look } = await begin()
  await arrive()
  const { torrent, file, signal } = look
  const lookInto = createLookInto(state.sources, undefined, 1024)
  const giveUp = new AbortController()
  const given = lookInto(torrent, file, 'source-1', giveUp.signal)
  const waiting = lookInto(torrent, file, 'source-1', signal)
  // The ends have been looked at: what is left is the reading through.
  await vi.waitFor(() => expect(known()?.probe).toMatchObject({ isOfWhole: false }), 20_000)
  giveUp.abort(new Error('left'))
  await given.then(
    ({ inside }) => expect(inside?.isOfWhole).toBe(true),
    (error: Error) => expect(error.message).toBe('left'),
  )
  expect((await waiting).inside).toMatchObject({ isOfWhole: true, keyframes: { isClosed: true } })
})

it('that is still arriving is not read through', async () => {
  const { known, state, look } = await begin()
  const { torrent, file, signal } = look
  const found = await createLookInto(state.sources, tool, 1024)(torrent, file, 'source-1', signal)
  expect(found.inside).toMatchObject({ isOfWhole: false })
  expect(known()?.wholeProbe).toBeUndefined()
  expect(torrent.bytesOnDisk(file, 0, file.sizeBytes - 1)).toBeLessThan(file.sizeBytes)
})
