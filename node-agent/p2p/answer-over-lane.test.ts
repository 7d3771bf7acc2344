/** What a viewer on a data channel gets from a real home: what HTTP would give, at its own pace. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { encodeToHome, MOST_REQUESTS, SMALLEST_WINDOW_BYTES } from '#protocol/p2p.ts'
import type { HttpHandle } from '../http-exchange.ts'
import { beginPeers, endlessFilm, endPeers } from '../testing/peer-connections.ts'
import { pseudoRandomBytes, type Seeder, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestHome, type TestHome } from '../testing/test-home.ts'
import { until, untilSteady } from '../testing/until.ts'

vi.setConfig({ testTimeout: 30_000 })

const film = pseudoRandomBytes(3_000_000)
let seeder: Seeder
let home: TestHome
beforeAll(async () => {
  seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: 256 * 1024 })
  home = await startTestHome(temporaryDirectory(afterAll))
  await home.learn('source-1', seeder.source, 'film.mp4', film.length)
})
afterAll(async () => {
  await home.stop()
  await seeder.stop()
})
afterEach(endPeers)

const begin = (handle: HttpHandle = home.handle) => beginPeers({ handle })
const path = async (changes: Parameters<TestHome['token']>[0] = {}) => `/api/stream/${await home.token(changes)}`

describe('a viewer on a data channel', () => {
  it('gets what HTTP would give: ranges, heads, statuses, and refusals as the handler words them', async () => {
    const { connect, lines } = begin()
    const viewer = await connect()
    const good = await path()
    const ranged = viewer.ask({ path: good, headers: { range: 'bytes=1000-299999' } })
    expect(await ranged.head).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes 1000-299999/${film.length}`, 'x-correlation-id': 'correlation-1' },
    })
    expect((await ranged.all).equals(film.subarray(1000, 300_000))).toBe(true)
    const whole = viewer.ask({ path: good })
    expect((await whole.all).equals(film)).toBe(true)
    const head = viewer.ask({ path: good, method: 'HEAD' })
    expect(await head.head).toMatchObject({ status: 200, headers: { 'content-length': String(film.length) } })
    expect(await head.all).toHaveLength(0)
    const beyond = viewer.ask({ path: good, headers: { range: 'bytes=9000000-' } })
    expect((await beyond.head).status).toBe(416)
    expect(lines.find(({ event }) => event === 'p2p_connected')).toMatchObject({
      streamId: 'stream-1',
      transport: 'p2p',
    })
    expect(JSON.stringify(lines)).not.toMatch(/candidate:|ufrag|127\.0\.0\.1/)
  })

  it.each<[string, Parameters<TestHome['token']>[0], string]>([
    ['of another stream', { streamId: 'stream-2' }, 'token_for_another_file'],
    ['of another file', { path: 'other.mp4' }, 'token_for_another_file'],
    ['that has expired', { notBefore: 1, expiresAt: 2, streamId: 'stream-8' }, 'token_expired'],
    ['for another home', { agentId: 'agent-2' }, 'token_for_another_agent'],
  ])('is refused with a token %s', async (_what, changes, code) => {
    // A stream that was never watched has no lease to go on by.
    const viewer = await begin().connect({}, code === 'token_expired' ? 'stream-8' : 'stream-1')
    const refused = viewer.ask({ path: await path(changes) })
    expect(JSON.parse(String(await refused.all)).error.code).toBe(code)
    expect((await refused.head).status).toBeGreaterThanOrEqual(401)
  })

  it('gets fifty answers at once over several lanes, each its own', async () => {
    const viewer = await begin().connect({ lanes: 4 })
    const good = await path()
    const all = Array.from({ length: 50 }, (_, n) => {
      const range = `bytes=${n * 50_000}-${n * 50_000 + 49_999}`
      return viewer.ask({ path: good, lane: n % 4, headers: { range } })
    })
    const bodies = await Promise.all(all.map((reading) => reading.all))
    bodies.forEach((body, n) => {
      expect(body.equals(film.subarray(n * 50_000, n * 50_000 + 50_000))).toBe(true)
    })
  })

  it('is told so when it asks for more at once than a viewer does, and served when it has less', async () => {
    const { handle, seen } = endlessFilm()
    const viewer = await begin(handle).connect()
    const paused = { path: '/api/stream/t', isPaused: true, windowBytes: SMALLEST_WINDOW_BYTES }
    const many = Array.from({ length: MOST_REQUESTS }, () => viewer.ask(paused))
    await Promise.all(many.map(({ head }) => head))
    await expect(viewer.ask(paused).head).rejects.toMatchObject({ code: 'busy' })
    for (const one of many) viewer.cancel(one)
    await until(() => seen.isClosed, 'the end of reading')
    await expect(viewer.ask(paused).head).resolves.toMatchObject({ status: 200 })
  })

  it('stops the read at home when it pauses, within its window', async () => {
    const { seen, handle } = endlessFilm()
    const viewer = await begin(handle).connect()
    const windowBytes = 500_000
    const reading = viewer.ask({ path: '/api/stream/t', isPaused: true, windowBytes })
    await until(() => reading.receivedBytes() === windowBytes, 'a window')
    // What more was read is the rest of one chunk.
    expect(await untilSteady(() => seen.readBytes, 300)).toBeLessThanOrEqual(windowBytes + 100_000)
    expect(reading.receivedBytes()).toBe(windowBytes)
    viewer.say(encodeToHome({ type: 'credit', id: reading.id, bytes: 200_000 }))
    await until(() => reading.receivedBytes() === windowBytes + 200_000, 'the credit')
    expect(await untilSteady(reading.receivedBytes, 200)).toBe(windowBytes + 200_000)
  })

  it('ends the read at home when it cancels one, and the others go on', async () => {
    const { seen, handle } = endlessFilm()
    const viewer = await begin(handle).connect()
    const reading = viewer.ask({ path: '/api/stream/t', isPaused: true })
    await reading.head
    viewer.cancel(reading)
    await until(() => seen.isClosed && seen.signal?.aborted === true, 'the end of reading')
    expect((await viewer.ask({ path: '/api/stream/t', isPaused: true }).head).status).toBe(200)
  })

  it('ends every read at home when it goes', async () => {
    const { seen, handle } = endlessFilm()
    const { connect, closed } = begin(handle)
    const viewer = await connect()
    await viewer.ask({ path: '/api/stream/t' }).head
    viewer.close()
    await until(() => seen.isClosed && closed().length === 1, 'the end of reading')
  })

  it('is told why when what it reads fails', async () => {
    const handle: HttpHandle = async () => {
      async function* body() {
        yield new Uint8Array(10)
        throw Object.assign(new Error('the disk'), { code: 'EIO' })
      }
      return { status: 200, headers: {}, body: body() }
    }
    const viewer = await begin(handle).connect()
    const reading = viewer.ask({ path: '/api/stream/t' })
    expect((await reading.head).status).toBe(200)
    await expect(reading.all).rejects.toMatchObject({ code: 'internal' })
  })

  it('is let go of, also when it reads nothing, when its lease ends', async () => {
    const { connect } = begin()
    const viewer = await connect({}, 'stream-9')
    const reading = viewer.ask({
      path: await path({ streamId: 'stream-9' }),
      isPaused: true,
      windowBytes: SMALLEST_WINDOW_BYTES,
    })
    await reading.head
    home.leases.revoke(['stream-9'])
    await expect(reading.all).rejects.toMatchObject({ code: 'token_revoked' })
  })
})
