import type { FragmentLoaderConstructor, FragmentLoaderContext } from 'hls.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchEarlySegment, forgetEarly } from './early-loads.ts'
import { pictureBegun } from './picture-begun.ts'
import { refusalText } from './refusals.ts'
import { segmentLoader } from './segment-loader.ts'

const url = 'https://home.example/api/stream/t0ken/hls/v1/0.m4s'
const KiB = 1024

/** A home that is told what to send and when; `signals` are those of what it was asked. */
function home() {
  const signals: AbortSignal[] = []
  const senders: { send(bytes: number): void; end(): void; cut(): void }[] = []
  vi.stubGlobal('fetch', async (_url: string, { signal }: { signal: AbortSignal }) => {
    signals.push(signal)
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        let sent = 0
        senders.push({
          send: (bytes) => controller.enqueue(new Uint8Array(bytes).fill(++sent)),
          end: () => controller.close(),
          cut: () => controller.error(new TypeError('cut')),
        })
      },
    })
    return new Response(body)
  })
  return { signals, senders }
}

function begun() {
  const picture = pictureBegun()
  picture.tell()
  return picture
}

/** Loads the segment; `how` as hls.js asks for a segment, or for an init segment, which it takes in one. */
function load(how: 'in parts' | 'at once' = 'in parts', type: 'main' | 'audio' = 'main', picture = begun()) {
  class Beneath {
    stats = { loaded: 0, total: 0, aborted: false, loading: { start: 0, first: 0, end: 0 } }
    context = null
    load() {}
    abort() {}
    destroy() {}
  }
  const Loader = segmentLoader(Beneath as unknown as FragmentLoaderConstructor, picture)
  const loader = new Loader({} as never)
  const heard: (number | string)[] = []
  let refusal: string | undefined
  const size = (data: unknown) => (data as ArrayBuffer).byteLength
  const policy = { maxTimeToFirstByteMs: 10_000, maxLoadTimeMs: 10_000, timeoutRetry: null, errorRetry: null }
  loader.load({ url, frag: { type } } as FragmentLoaderContext, { loadPolicy: policy } as never, {
    onSuccess: ({ data }) => heard.push('loaded', size(data)),
    onError: ({ code }, _context, details) => {
      refusal = refusalText(details)
      heard.push('failed', code)
    },
    onTimeout: () => heard.push('timed out'),
    onAbort: () => heard.push('aborted'),
    ...(how === 'in parts' && { onProgress: (_stats, _context, data) => heard.push(size(data)) }),
  })
  return { loader, heard, refusal: () => refusal }
}

afterEach(() => {
  forgetEarly(() => false)
  vi.unstubAllGlobals()
})

describe('a segment', () => {
  it('is handed on while it comes', async () => {
    const { senders } = home()
    const { heard, loader } = load()
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    senders[0]?.send(100 * KiB)
    senders[0]?.send(100 * KiB)
    await vi.waitFor(() => expect(heard).toEqual([200 * KiB]))
    senders[0]?.send(KiB)
    senders[0]?.end()
    await vi.waitFor(() => expect(heard).toEqual([200 * KiB, KiB, 'loaded', 0]))
    expect(loader.stats).toMatchObject({ loaded: 201 * KiB, total: 201 * KiB })
  })

  it('is handed on in smaller parts when it is of sound, which the first picture waits for', async () => {
    const { senders } = home()
    const { heard } = load('in parts', 'audio')
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    senders[0]?.send(20 * KiB)
    await vi.waitFor(() => expect(heard).toEqual([20 * KiB]))
  })

  it('of sound waits for the picture to begin, also when all of it has come', async () => {
    const { senders } = home()
    const picture = pictureBegun()
    const [early, late] = [load('in parts', 'audio', picture), load('in parts', 'audio', picture)]
    await vi.waitFor(() => expect(senders).toHaveLength(2))
    senders[0]?.send(20 * KiB)
    senders[0]?.send(20 * KiB)
    senders[1]?.send(30 * KiB)
    senders[1]?.end()
    await new Promise((next) => setTimeout(next, 20))
    expect([early.heard, late.heard]).toEqual([[], []])
    picture.tell()
    await vi.waitFor(() => expect(late.heard).toEqual([30 * KiB, 'loaded', 0]))
    expect(early.heard).toEqual([40 * KiB])
  })

  it('of sound that is left before the picture has begun is given to nobody', async () => {
    const { senders } = home()
    const picture = pictureBegun()
    const { loader, heard } = load('in parts', 'audio', picture)
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    senders[0]?.send(30 * KiB)
    senders[0]?.end()
    await new Promise((next) => setTimeout(next, 20))
    loader.destroy()
    picture.tell()
    await new Promise((next) => setTimeout(next, 20))
    expect(heard).toEqual([])
  })

  it('is given whole to whoever wants it at once', async () => {
    const { senders } = home()
    const { heard } = load('at once')
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    senders[0]?.send(200 * KiB)
    senders[0]?.end()
    await vi.waitFor(() => expect(heard).toEqual(['loaded', 200 * KiB]))
  })

  it('that is on its way already is not asked for again', async () => {
    const { senders, signals } = home()
    fetchEarlySegment(url)
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    senders[0]?.send(200 * KiB)
    const { heard } = load()
    senders[0]?.end()
    await vi.waitFor(() => expect(heard).toEqual([200 * KiB, 'loaded', 0]))
    expect(signals).toHaveLength(1)
  })

  it('that was refused too early is asked for once more, and its refusal says why', async () => {
    let asked = 0
    vi.stubGlobal('fetch', async () => new Response(`no ${++asked}`, { status: 503 }))
    fetchEarlySegment(url)
    const { heard, refusal } = load()
    await vi.waitFor(() => expect(heard).toEqual(['failed', 503]))
    expect([asked, refusal()]).toEqual([2, 'no 2'])
  })

  it('that is cut short has failed, also when it was asked for early: it is begun anew by whoever knows what was used', async () => {
    const { senders, signals } = home()
    fetchEarlySegment(url)
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    const { heard } = load()
    senders[0]?.send(200 * KiB)
    await vi.waitFor(() => expect(heard).toEqual([200 * KiB]))
    senders[0]?.cut()
    await vi.waitFor(() => expect(heard).toEqual([200 * KiB, 'failed', 0]))
    expect(signals).toHaveLength(1)
  })

  it('that nobody wants any more is not fetched on', async () => {
    const { senders, signals } = home()
    const { heard, loader } = load()
    await vi.waitFor(() => expect(senders).toHaveLength(1))
    loader.abort()
    expect([heard, signals[0]?.aborted, loader.stats.aborted]).toEqual([['aborted'], true, true])
    loader.destroy()
    expect(heard).toEqual(['aborted'])
  })
})
