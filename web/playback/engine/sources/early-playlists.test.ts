import type { PlaylistLoaderConstructor } from 'hls.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { earlyLoader, fetchPlaylists, firstPlaylists } from './early-playlists.ts'

describe('what a player reads first', () => {
  it.each([
    ['hls/v1+a2+a3/master.m3u8', ['hls/v1+a2+a3/master.m3u8', 'hls/v1/index.m3u8', 'hls/a2/index.m3u8']],
    [
      'hls/v1-1080+v1-720+a2-aac2+se3/master.m3u8',
      [
        'hls/v1-1080+v1-720+a2-aac2+se3/master.m3u8',
        'hls/v1-1080/index.m3u8',
        'hls/v1-720/index.m3u8',
        'hls/a2-aac2/index.m3u8',
      ],
    ],
    ['hls/v1/master.m3u8', ['hls/v1/master.m3u8', 'hls/v1/index.m3u8']],
    ['hls/v1/index.m3u8', []],
    ['not/ours', []],
  ])('of %s', (resource, paths) => expect(firstPlaylists(resource)).toEqual(paths))
})

const streamUrl = 'https://home.example/api/stream/t0ken'
const index = `${streamUrl}/hls/v1/index.m3u8`

describe('a loader of playlists', () => {
  afterEach(() => vi.unstubAllGlobals())

  /** Loads `url`; tells what came, and what the loader beneath was asked for. */
  async function load(url: string) {
    const asked: string[] = []
    class Beneath {
      stats = { loading: {} }
      context = null
      load(context: { url: string }) {
        asked.push(context.url)
      }
      abort() {}
      destroy() {}
    }
    const Loader = earlyLoader(Beneath as unknown as PlaylistLoaderConstructor)
    const loader = new Loader({} as never)
    const given: unknown[] = []
    const callbacks = { onSuccess: ({ data }: { data?: unknown }) => given.push(data), onError: () => undefined }
    loader.load({ url } as never, {} as never, { ...callbacks, onTimeout: () => undefined })
    const abort = () => loader.abort()
    return { asked, given, abort }
  }

  it('gives what was fetched early once, and loads it itself the next time', async () => {
    vi.stubGlobal('fetch', async (url: string) => new Response(`text of ${url}`))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    const first = await load(index)
    await vi.waitFor(() => expect(first.given).toEqual([`text of ${index}`]))
    expect(first.asked).toEqual([])
    expect((await load(index)).asked).toEqual([index])
  })

  it('loads what was refused early itself, whose failure then says why', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 403 }))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    const { asked, given } = await load(index)
    await vi.waitFor(() => expect(asked).toEqual([index]))
    expect(given).toEqual([])
  })

  it('keeps nothing of a stream that is not played', async () => {
    vi.stubGlobal('fetch', async () => new Response('text'))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    fetchPlaylists('https://home.example/api/stream/another', 'hls/v1/master.m3u8')
    expect((await load(index)).asked).toEqual([index])
  })

  it('gives nothing to whoever does not want it any more', async () => {
    const late = Promise.withResolvers<Response>()
    vi.stubGlobal('fetch', () => late.promise)
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    const { asked, given, abort } = await load(index)
    abort()
    late.resolve(new Response('text'))
    await late.promise
    await new Promise((next) => setTimeout(next))
    expect([asked, given]).toEqual([[], []])
  })
})
