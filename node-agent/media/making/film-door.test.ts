import { get } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { until } from '../../testing/until.ts'
import { openFilmDoor, readRangeHeader } from './film-door.ts'

const bytes = Uint8Array.from({ length: 3_000_000 }, (_, n) => (n * 7) % 251)
const film = {
  sizeBytes: bytes.length,
  read: async (start: number, end: number) => bytes.subarray(start, end),
}

async function openDoor(read = film.read as (a: number, b: number, signal: AbortSignal) => Promise<Uint8Array>) {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  return { gone, ...(await openFilmDoor({ sizeBytes: film.sizeBytes, read }, gone.signal)) }
}
const ask = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers })

describe('openFilmDoor', () => {
  it('gives the whole film, and any range of it', async () => {
    const { url } = await openDoor()
    expect(new Uint8Array(await (await ask(url)).arrayBuffer())).toEqual(bytes)
    const part = await ask(url, { range: 'bytes=2999990-' })
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 2999990-2999999/3000000'])
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(2_999_990))
    expect((await ask(url, { range: 'bytes=3000000-' })).status).toBe(416)
  })

  it('answers nothing to whoever does not know the path, or comes by another name', async () => {
    const { url } = await openDoor()
    expect((await ask(new URL('/', url).href)).status).toBe(404)
    expect((await ask(`${url}x`)).status).toBe(404)
    const rebound = await new Promise<number | undefined>((resolve) => {
      get(url, { headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
    })
    expect(rebound).toBe(404)
  })

  it('listens on the loopback alone, with another path each time', async () => {
    const [one, other] = [await openDoor(), await openDoor()]
    expect(new URL(one.url).hostname).toBe('127.0.0.1')
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname)
    expect(new URL(one.url).pathname.length).toBeGreaterThan(30)
  })

  it('gives a read up when its reader leaves, and when the door closes', async () => {
    let waiting = 0
    const read = (_start: number, _end: number, signal: AbortSignal) =>
      new Promise<Uint8Array>((_, reject) => {
        waiting++
        signal.addEventListener('abort', () => {
          waiting--
          reject(signal.reason)
        })
      })
    const door = await openDoor(read)
    const reader = new AbortController()
    const left = fetch(door.url, { signal: reader.signal }).then((answer) => answer.arrayBuffer())
    const cut = fetch(door.url).then((answer) => answer.arrayBuffer())
    left.catch(() => {})
    cut.catch(() => {})
    await until(() => waiting === 2)
    reader.abort()
    await until(() => waiting === 1)
    door.gone.abort()
    await expect(cut).rejects.toThrow()
    expect(waiting).toBe(0)
    expect(door.failure()).toBeUndefined()
    await expect(fetch(door.url)).rejects.toThrow()
  })

  it('says afterwards why a read failed, and never ends such an answer as if it were whole', async () => {
    const reason = new AppError('timed_out', 'The bytes did not come in time.')
    const door = await openDoor(async (start, end) => {
      if (start >= 1_000_000) throw reason
      return bytes.subarray(start, Math.min(end, 1_000_000))
    })
    await expect(ask(door.url).then((answer) => answer.arrayBuffer())).rejects.toThrow()
    expect(door.failure()).toBe(reason)
  })

  it.each([
    [undefined, [0, 100]],
    ['bytes=0-', [0, 100]],
    ['bytes=10-19', [10, 20]],
    ['bytes=90-400', [90, 100]],
    ['bytes=100-', undefined],
    ['bytes=20-10', undefined],
    ['bytes=-5', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=1-2', undefined],
  ])('reads the range %s as %j', (header, expected) => {
    expect(readRangeHeader(header, 100)).toEqual(expected)
  })
})
