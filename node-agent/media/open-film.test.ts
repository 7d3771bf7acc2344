/** From "open this" to "it can be played", against a real swarm. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OpenReply, type OpenRequest } from '#protocol/agent-requests.ts'
import { AppError } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'
import { readBigBuckBunny } from '../testing/big-buck-bunny.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents } from '../testing/test-torrents.ts'
import { untilSteady } from '../testing/until.ts'
import { createOpenFilm } from './open-film.ts'
import { createStreamFiles } from './stream-files.ts'

vi.setConfig({ testTimeout: 30_000 })

const film = readBigBuckBunny()
const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const bunny = { 'Bunny/film.mp4': film, 'Bunny/notes.txt': pseudoRandomBytes(999) }
async function begin(options: { files?: Record<string, Uint8Array>; uploadLimit?: number } = {}) {
  const seeder = await startSeeder({ files: bunny, pieceBytes: 64 * 1024, ...options })
  const home = await startTestTorrents(temporaryDirectory())
  running.push(seeder, home)
  const { torrents, state } = home
  const vpn = { isUp: true }
  const opener = createOpenFilm({
    ...{ torrents, sources: state.sources, isTrustedTracker: () => false, mayJoinSwarm: () => vpn.isUp },
  })
  const stages: [OpenStage, number][] = []
  const open = (changes: Partial<OpenRequest> = {}, signal = AbortSignal.timeout(20_000)) =>
    opener.open(
      {
        kind: 'open',
        streamId: 'stream-1',
        sourceId: 'source-1',
        source: seeder.source,
        file: {},
        startSeconds: 0,
        ...changes,
      },
      { signal, correlationId: 'correlation-1', onStage: (stage, peers) => stages.push([stage, peers]) },
    )
  return { seeder, home, opener, open, stages, vpn }
}
const deadline = (milliseconds: number) => {
  const abort = new AbortController()
  setTimeout(() => abort.abort(new AppError('timed_out', 'Too late.')), milliseconds)
  return abort.signal
}
const order: OpenStage[] = ['finding', 'metadata', 'peers', 'probing', 'ready']

describe('opening a film', () => {
  it('picks the film, looks inside, plans, and tells its stages in order', async () => {
    const { open, stages } = await begin()
    const reply = await open({ device: { codecs: ['avc1.640028', 'mp4a.40.2'], containers: ['video/mp4'] } })
    expect(OpenReply.parse(reply)).toMatchObject({
      path: 'Bunny/film.mp4',
      sizeBytes: film.length,
      contentType: 'video/mp4',
      tracks: { video: [{ codec: 'avc1.640028', width: 1920 }], audio: [{ codec: 'mp4a.40.2', channels: 6 }] },
      plan: { mode: 'direct', reasons: ['plays_as_it_is'] },
      fontCount: 0,
    })
    expect(reply.durationSeconds).toBeCloseTo(30, 0)
    const told = stages.map(([stage]) => order.indexOf(stage))
    expect(told).toEqual([...told].sort((a, b) => a - b))
    expect(stages[0]?.[0]).toBe('finding')
    expect(stages.at(-1)).toEqual(['ready', 1])
  })

  it('works from a magnet alone', async () => {
    const { open, seeder } = await begin()
    expect((await open({ source: seeder.magnet })).path).toBe('Bunny/film.mp4')
  })

  it('lets the stream be read from then on, and only the file that was opened', async () => {
    const { open, home } = await begin()
    const files = createStreamFiles(home.torrents, home.state.sources)
    expect(files.describe({ sourceId: 'source-1', path: 'Bunny/film.mp4' })).toBeUndefined()
    await open()
    expect(files.describe({ sourceId: 'source-1', path: 'Bunny/film.mp4' })).toMatchObject({ sizeBytes: film.length })
    expect(files.describe({ sourceId: 'source-1', path: 'Bunny/notes.txt' })).toBeUndefined()
    expect(files.describe({ sourceId: 'source-2', path: 'Bunny/film.mp4' })).toBeUndefined()
  })

  it('starts head and tail at once, and leaves the middle alone', async () => {
    const { open, seeder, opener } = await begin()
    await open()
    const fetched = await untilSteady(seeder.uploadedBytes, 1000)
    expect(fetched).toBeGreaterThan(2 * 2 * 1024 * 1024)
    expect(fetched).toBeLessThan(film.length / 3)
    opener.close('stream-1')
  })

  it('fetches no more of head and tail when the viewer leaves', async () => {
    const { opener, open, seeder } = await begin({ uploadLimit: 400_000 })
    await open()
    opener.close('stream-1')
    const atClose = seeder.uploadedBytes()
    expect((await untilSteady(seeder.uploadedBytes)) - atClose).toBeLessThan(1024 * 1024)
    expect(seeder.uploadedBytes()).toBeLessThan(4 * 1024 * 1024)
  })

  it('opens it again without looking inside again', async () => {
    const { open, stages, seeder } = await begin()
    const first = await open()
    await untilSteady(seeder.uploadedBytes)
    const before = seeder.uploadedBytes()
    stages.length = 0
    expect(await open({ streamId: 'stream-2' })).toEqual(first)
    expect(seeder.uploadedBytes()).toBe(before)
    expect(stages.at(-1)?.[0]).toBe('ready')
  })

  it('opens for somebody who may press Play only what is whole here, and fetches nothing for them', async () => {
    const { open, seeder, home } = await begin()
    await expect(open({ ifAtHome: true })).rejects.toMatchObject({ code: 'not_found' })
    expect(seeder.uploadedBytes()).toBe(0)
    const asked = await open()
    await expect(open({ ifAtHome: true })).rejects.toMatchObject({ code: 'not_found' })
    const files = createStreamFiles(home.torrents, home.state.sources)
    const signal = AbortSignal.timeout(20_000)
    const described = files.describe({ sourceId: 'source-1', path: asked.path })
    const file = await described?.open({ signal, correlationId: 'correlation-1' })
    if (!file) throw new Error('no film')
    for await (const _bytes of file.read({ start: 0, end: film.length - 1 }, signal));
    // Players are shown the last bytes before their piece has verified.
    await vi.waitFor(async () => expect((await open({ ifAtHome: true })).plan).toEqual(asked.plan), 5000)
  })

  it('opens what is whole here while the VPN is away, and says of all else that it waits for that', async () => {
    const { open, seeder, home, vpn } = await begin()
    vpn.isUp = false
    await expect(open()).rejects.toMatchObject({ code: 'vpn_down' })
    expect([home.torrents.isLoaded(seeder.infoHash), seeder.uploadedBytes()]).toEqual([false, 0])
    vpn.isUp = true
    const asked = await open()
    vpn.isUp = false
    await expect(open()).rejects.toMatchObject({ code: 'vpn_down' })
    const torrent = await home.open(seeder.source)
    torrent.pin(0, film.length + 999)
    await vi.waitFor(async () => expect((await open()).plan).toEqual(asked.plan), 10_000)
  })

  it('lets fifty viewers open one film, with one download', async () => {
    const { open, seeder } = await begin()
    const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => open({ streamId: `stream-${n}` })))
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(await untilSteady(seeder.uploadedBytes)).toBeLessThan(film.length / 3)
  })

  it('tries a file directly that it does not understand', async () => {
    const { open } = await begin({ files: { 'film.mkv': pseudoRandomBytes(300_000) } })
    expect(await open()).toMatchObject({
      contentType: 'video/x-matroska',
      tracks: { video: [], audio: [], subtitles: [] },
      plan: { mode: 'direct', reasons: ['codec_unknown_tried_directly'] },
    })
  })

  it('tells how many fonts the film brings, and counts nothing else that is attached', async () => {
    const folder = temporaryDirectory()
    const attached = ['Sans.ttf', 'Serif.otf', 'notes.txt'].flatMap((name, n) => {
      writeFileSync(join(folder, name), 'attached to the film')
      const type = name === 'notes.txt' ? 'text/plain' : 'application/x-truetype-font'
      return ['-attach', join(folder, name), `-metadata:s:t:${n}`, `mimetype=${type}`]
    })
    const picture = ['-f', 'lavfi', '-i', 'color=black:size=64x64:rate=24:duration=1', '-c:v', 'libx264']
    execFileSync('ffmpeg', ['-v', 'error', ...picture, ...attached, join(folder, 'film.mkv')])
    const { open } = await begin({ files: { 'film.mkv': readFileSync(join(folder, 'film.mkv')) } })
    expect(await open()).toMatchObject({ fontCount: 2 })
  })

  it.each<[string, Partial<OpenRequest>, string]>([
    ['a hint that is not there', { file: { path: 'Bunny/other.mp4' } }, 'no_playable_file'],
    [
      'a source that lies about its hash',
      { source: { infoHash: 'b'.repeat(40), magnet: `magnet:?xt=urn:btih:${'c'.repeat(40)}` } },
      'invalid',
    ],
  ])('refuses %s', async (_what, changes, code) => {
    const { open } = await begin()
    await expect(open(changes)).rejects.toMatchObject({ code })
  })

  it('refuses a torrent without a film', async () => {
    const { open } = await begin({ files: { 'docs/readme.txt': pseudoRandomBytes(50_000) } })
    await expect(open()).rejects.toMatchObject({ code: 'no_playable_file' })
  })

  it.each<[string, (seeder: Seeder) => OpenRequest['source']]>([
    ['nobody shares it', () => ({ infoHash: 'd'.repeat(40) })],
    [
      'its metadata is known and nobody shares it',
      (seeder) => ({
        infoHash: seeder.infoHash,
        ...(seeder.source.torrentFile ? { torrentFile: seeder.source.torrentFile } : {}),
      }),
    ],
  ])('says no_peers at the deadline when %s', async (_what, source) => {
    const { open, seeder } = await begin()
    await expect(open({ source: source(seeder) }, deadline(400))).rejects.toMatchObject({ code: 'no_peers' })
  })

  it('stops the download when whoever asked has left', async () => {
    const { open, seeder } = await begin()
    const abort = new AbortController()
    const opening = open({}, abort.signal)
    abort.abort(new AppError('timed_out', 'Whoever asked has left.'))
    await expect(opening).rejects.toMatchObject({ name: 'AppError' })
    expect(await untilSteady(seeder.uploadedBytes)).toBeLessThan(1024 * 1024)
  })
})
