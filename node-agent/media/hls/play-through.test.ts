/** From Play to segments over HTTP, while the film is still arriving from a real swarm. */
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { KeyframeList } from '#protocol/keyframe-list.ts'
import { bigBuckBunnyFile } from '../../testing/big-buck-bunny.ts'
import { makeFilm } from '../../testing/make-film.ts'
import { decodingComplaints } from '../../testing/read-packets.ts'
import { startSeeder } from '../../testing/seeder.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { ask, startTestHome } from '../../testing/test-home.ts'
import { createOpenFilm } from '../open-film.ts'

vi.setConfig({ testTimeout: 60_000 })

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const safari: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2'],
  containers: ['video/mp4'],
  segmentCodecs: ['avc1.640028', 'mp4a.40.2'],
  hls: 'native',
}

async function begin(name: string, device: DeviceProfile, wish = {}) {
  const path = await makeFilm(name, ['-i', bigBuckBunnyFile, '-c', 'copy'])
  const film = readFileSync(path)
  const seeder = await startSeeder({ files: { [name]: film }, pieceBytes: 256 * 1024 })
  const home = await startTestHome(temporaryDirectory())
  running.push(seeder, home)
  const { torrents, state } = home
  const opener = createOpenFilm({ torrents, sources: state.sources, isTrustedTracker: () => false })
  const reply = await opener.open(
    {
      ...{ kind: 'open', streamId: 'stream-1', sourceId: 'source-1', source: seeder.source, file: {} },
      ...{ startSeconds: 0, device, wish },
    },
    { signal: AbortSignal.timeout(20_000), correlationId: 'correlation-1', onStage: () => {} },
  )
  opener.close('stream-1')
  const token = await home.token({ path: name, scopes: ['media', 'thumbnails'] })
  const get = (beneath: string) => ask(home.port, new URL(beneath, `http://agent/api/stream/${token}/`).pathname)
  const getWhole = () => ask(home.port, `/api/stream/${token}`)
  return { film, seeder, home, reply, get, getWhole }
}

describe.each(['film.mkv', 'film.mp4'])('%s that is still arriving', (name) => {
  const wish = name.endsWith('mp4') ? { failedModes: ['direct' as const] } : {}

  it('plays from master to segments, in any order, and fetches only what it gives', async () => {
    const { reply, get, seeder, film } = await begin(name, safari, wish)
    expect(reply.plan).toMatchObject({ mode: 'remux', resource: 'hls/v1+a2/master.m3u8', heightPixels: 1080 })
    const resource = reply.plan.resource ?? ''
    const master = await get(resource)
    expect(master.headers['content-type']).toBe('application/vnd.apple.mpegurl')
    const base = `http://agent/${resource}`
    const [playlist = ''] = /^\.\.\/v1\/.*$/m.exec(master.body.toString()) ?? []
    const at = new URL(playlist, base)
    const text = (await get(at.pathname.slice(1))).body.toString()
    const names = text.match(/^\d+\.m4s$/gm) ?? []
    expect(names.length).toBeGreaterThanOrEqual(3)
    const parts: Buffer[] = []
    for (const file of ['init.mp4', names.at(-1) ?? '', names[0] ?? '']) {
      const answer = await get(new URL(file, at).pathname.slice(1))
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('video/mp4')
      parts.push(answer.body)
    }
    const [init, last, first] = parts
    if (!init || !last || !first) throw new Error('no parts')
    expect(await decodingComplaints(temporaryDirectory(), [init, first])).not.toMatch(/error|invalid|corrupt/i)
    const sound = await get('hls/a2/0.m4s')
    expect(sound).toMatchObject({ status: 200, isWhole: true })
    expect(sound.headers['content-type']).toBe('audio/mp4')
    const keyframes = await get('hls/v1/keyframes.json')
    expect(keyframes).toMatchObject({ status: 200, isWhole: true })
    expect(keyframes.headers['content-type']).toBe('application/json')
    const { seconds } = KeyframeList.parse(JSON.parse(keyframes.body.toString()))
    expect(seconds.length).toBeGreaterThanOrEqual(names.length)
    expect(seeder.uploadedBytes()).toBeLessThan(film.length)
  })

  it('is made smaller, and into small pictures', async () => {
    const { get, getWhole, film } = await begin(name, safari, wish)
    const typeOf = async (beneath: string) => {
      const { status, headers } = await get(beneath)
      return [status, headers['content-type']]
    }
    expect(await typeOf('hls/v1-480/init.mp4')).toEqual([200, 'video/mp4'])
    expect(await typeOf('hls/v1-480/0.m4s')).toEqual([200, 'video/mp4'])
    // Pictures are made of what is here alone.
    expect((await getWhole()).body.equals(film)).toBe(true)
    expect(await typeOf('thumbnails/0.jpg')).toEqual([200, 'image/jpeg'])
  })

  it('refuses what is not there, and tokens of other films', async () => {
    const { get, home } = await begin(name, safari, wish)
    for (const [beneath, status] of [
      ['hls/v1/999.m4s', 404],
      ['hls/v7/0.m4s', 404],
      ['hls/a1/init.mp4', 404],
      ['hls/v7/keyframes.json', 404],
      ['hls/a2/keyframes.json', 404],
      ['hls/v1+a9/master.m3u8', 404],
      ['hls/v7-720/0.m4s', 404],
    ] as const) {
      expect([beneath, (await get(beneath)).status]).toEqual([beneath, status])
    }
    const other = await home.token({ path: 'another.mkv' })
    expect((await ask(home.port, `/api/stream/${other}/hls/v1/index.m3u8`)).status).toBe(403)
  })
})
