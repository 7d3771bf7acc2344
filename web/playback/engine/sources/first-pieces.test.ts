import type { PlaylistLoaderConstructor } from 'hls.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { forgetEarly } from './early-loads.ts'
import { fetchFirstPieces, fetchPlaylists, firstPlaylists, piecesAt } from './first-pieces.ts'
import { playlistLoader } from './playlist-loader.ts'
import { refusalText } from './refusals.ts'

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

const playlist = `#EXTM3U
#EXT-X-MAP:URI="init.mp4"
#EXTINF:10.400000,
0.m4s
#EXTINF:6.000000,
1.m4s
#EXTINF:3.000000,
2.m4s
#EXT-X-ENDLIST
`

it.each([
  [0, ['init.mp4', '0.m4s']],
  [10.1, ['init.mp4', '0.m4s']],
  [10.3, ['init.mp4', '1.m4s']],
  [16.2, ['init.mp4', '2.m4s']],
  [99, ['init.mp4', '2.m4s']],
])('what a film begins with at %d s', (atSeconds, pieces) => expect(piecesAt(playlist, atSeconds)).toEqual(pieces))

it('finds nothing in what is no playlist of ours', () => expect(piecesAt('<html>', 0)).toEqual([]))

describe('what is fetched early', () => {
  afterEach(() => {
    fetchPlaylists('https://home.example/api/stream/none', 'none')
    vi.unstubAllGlobals()
  })
  /** Paths beneath the stream's URL that were asked for. */
  function home() {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (url: string) => {
      asked.push(url.slice(streamUrl.length + 1))
      return new Response(playlist)
    })
    return asked
  }

  it('is each playlist, then picture and sound of the place, in one turn each', async () => {
    const asked = home()
    fetchPlaylists(streamUrl, 'hls/v1+a2+a3/master.m3u8')
    fetchFirstPieces(streamUrl, 'hls/v1+a2+a3/master.m3u8', 12)
    await vi.waitFor(() => expect(asked).toHaveLength(7))
    expect(asked.slice(3).sort()).toEqual(['hls/a2/1.m4s', 'hls/a2/init.mp4', 'hls/v1/1.m4s', 'hls/v1/init.mp4'])
  })

  it('is the very beginning of picture and sound beside the playlists, when the film is begun there', () => {
    const asked = home()
    fetchPlaylists(streamUrl, 'hls-whole/v1+a2/master.m3u8')
    fetchFirstPieces(streamUrl, 'hls-whole/v1+a2/master.m3u8', 0)
    const pieces = ['hls-whole/v1/init.mp4', 'hls-whole/v1/0.m4s', 'hls-whole/a2/init.mp4', 'hls-whole/a2/0.m4s']
    expect(asked.slice(3)).toEqual(pieces)
  })

  it('leaves the choice among several pictures to hls.js', async () => {
    const asked = home()
    fetchPlaylists(streamUrl, 'hls/v1-720+v1-480/master.m3u8')
    fetchFirstPieces(streamUrl, 'hls/v1-720+v1-480/master.m3u8', 12)
    await new Promise((next) => setTimeout(next, 20))
    expect(asked).toHaveLength(3)
  })

  it('ends when nobody wants it', async () => {
    const signals: AbortSignal[] = []
    vi.stubGlobal('fetch', async (_url: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return new Response(playlist)
    })
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    forgetEarly(() => false)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
  })
})

describe('a loader of playlists', () => {
  afterEach(() => {
    fetchPlaylists('https://home.example/api/stream/none', 'none')
    vi.unstubAllGlobals()
  })

  /** Loads `url`; tells what came. */
  function load(url: string) {
    class Beneath {
      stats = { loading: {} }
      context = null
      abort() {}
      destroy() {}
    }
    const Loader = playlistLoader(Beneath as unknown as PlaylistLoaderConstructor)
    const loader = new Loader({} as never)
    const given: unknown[] = []
    const callbacks = {
      onSuccess: ({ data }: { data?: unknown }) => given.push(data),
      onError: ({ code }: { code: number }, _: unknown, details: unknown) => given.push([code, refusalText(details)]),
      onTimeout: () => given.push('timeout'),
    }
    loader.load({ url } as never, { loadPolicy: { maxLoadTimeMs: 60_000 } } as never, callbacks as never)
    return { given, loader }
  }

  it('gives what was fetched early once, and fetches it itself the next time', async () => {
    let asked = 0
    vi.stubGlobal('fetch', async (url: string) => new Response(`text ${++asked} of ${url}`))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    expect(asked).toBe(2)
    const first = load(index)
    await vi.waitFor(() => expect(first.given).toEqual([`text 2 of ${index}`]))
    const second = load(index)
    await vi.waitFor(() => expect(second.given).toEqual([`text 3 of ${index}`]))
  })

  it('asks again for what was refused early, and says why when it is refused once more', async () => {
    let asked = 0
    vi.stubGlobal('fetch', async () => new Response(`no ${++asked}`, { status: 403 }))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    const { given } = load(index)
    await vi.waitFor(() => expect(given).toEqual([[403, 'no 3']]))
  })

  it('keeps nothing of a stream that is not played', async () => {
    let asked = 0
    vi.stubGlobal('fetch', async () => new Response(`text ${++asked}`))
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    fetchPlaylists('https://home.example/api/stream/another', 'hls/v1/master.m3u8')
    const { given } = load(index)
    await vi.waitFor(() => expect(given).toEqual(['text 5']))
  })

  it('gives nothing to whoever does not want it any more', async () => {
    const late = Promise.withResolvers<Response>()
    vi.stubGlobal('fetch', () => late.promise)
    fetchPlaylists(streamUrl, 'hls/v1/master.m3u8')
    const { given, loader } = load(index)
    loader.abort()
    late.resolve(new Response('text'))
    await late.promise
    await new Promise((next) => setTimeout(next))
    expect(given).toEqual([])
  })

  it('says so when nothing comes for too long', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('fetch', () => new Promise(() => undefined))
    const { given } = load(index)
    await vi.advanceTimersByTimeAsync(60_001)
    vi.useRealTimers()
    expect(given).toEqual(['timeout'])
  })
})
