import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StreamUrl, Transport } from '#protocol/stream-url.ts'
import type { PeerLink } from './p2p/peer-link.ts'
import { WayHome } from './way-home.ts'
import { homeFetch, isByAWay } from './ways-home.ts'

const urls: StreamUrl[] = [
  { transport: 'direct', url: 'https://home.example/api/stream/t0ken' },
  { transport: 'p2p', url: 'https://porch.example/p2p/s1/api/stream/t0ken' },
  { transport: 'relay', url: 'https://porch.example/api/stream/t0ken' },
]

/** Which ways answer now, and which hold their breath; what was asked by each is kept. */
let works: Record<Transport, boolean | 'silent'>
let asked: string[]
let links = 0

const answer = async (transport: Transport, path: string, init: RequestInit = {}): Promise<Response> => {
  asked.push(`${transport} ${path}`)
  if (works[transport] === 'silent')
    return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
  if (!works[transport]) throw new TypeError('Failed to fetch')
  return new Response(`${transport} ${path}`, { status: new Headers(init.headers).has('range') ? 206 : 200 })
}

const link = (): PeerLink => {
  links++
  const closed: (() => void)[] = []
  return {
    isOpen: true,
    fetch: (path: string, init?: RequestInit) => answer('p2p', path.slice('/api/stream/t0ken'.length), init),
    onClosed: (tell: () => void) => closed.push(tell),
    close: () => closed.forEach((tell) => void tell()),
  } as unknown as PeerLink
}

let way: WayHome
const signal = new AbortController().signal
const permit = { verdict: 'go' as 'go' | 'explain' | 'leave_out', tell: (): void => undefined }

function open(offered: readonly StreamUrl[] = urls): WayHome {
  way = new WayHome({
    ...{ streamId: 's1', urls: offered, iceServers: [], origin: 'https://porch.example' },
    openLink: async () => {
      if (!works.p2p) throw new TypeError('No way through.')
      return link()
    },
    localNetwork: {
      known: Promise.resolve(),
      verdict: (url) => (url.includes('home.example') ? permit.verdict : 'go'),
      subscribe: (listener) => {
        permit.tell = listener
      },
      changed: () =>
        new Promise((changed) => {
          const { tell } = permit
          permit.tell = () => {
            tell()
            changed()
          }
        }),
    },
  })
  way.look = () => ({ aheadSeconds: 10, filmBytesPerSecond: undefined, isLinesPace: false })
  return way
}

beforeEach(() => {
  vi.useFakeTimers()
  works = { direct: true, p2p: true, relay: true }
  asked = []
  links = 0
  Object.assign(permit, { verdict: 'go', tell: () => undefined })
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    answer(url.includes('home.example') ? 'direct' : 'relay', url.slice(url.indexOf('/t0ken') + 6), init),
  )
})
afterEach(() => {
  way.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const passes = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)
async function chosen(offered?: readonly StreamUrl[]): Promise<Transport> {
  const choosing = open(offered).choose(signal)
  choosing.catch(() => undefined)
  await passes(12_000 / 4)
  return choosing
}
const text = async (beneath: string) => {
  const pending = homeFetch(`${way.url}/${beneath}`)
  pending.catch(() => undefined)
  await passes(3000)
  return (await pending).text()
}

describe('a stream on its way', () => {
  it('has one address for the page, whichever way it takes', async () => {
    expect(await chosen()).toBe('direct')
    expect(way.url).toBe('https://porch.example/p2p/s1/api/stream/t0ken')
    expect(await text('hls/v1/0.m4s')).toBe('direct /hls/v1/0.m4s')
    expect(isByAWay('https://porch.example/p2p/s1/api/stream/t0ken2')).toBe(false)
  })

  it('asks in hope of the best way before any has answered, and does not ask twice for it', async () => {
    open()
    const [pending] = [homeFetch(`${way.url}/hls/v1/init.mp4`), way.choose(signal)]
    await passes(100)
    expect(await (await pending).text()).toBe('direct /hls/v1/init.mp4')
    expect(asked.filter((one) => one.endsWith('init.mp4'))).toHaveLength(1)
  })

  it('takes the way by which a film has begun, and asks again for nothing once all have answered', async () => {
    open()
    const pending = homeFetch(`${way.url}/hls/v1/init.mp4`)
    const choosing = way.choose(signal)
    way.begun()
    expect(way.getState()).toMatchObject({ transport: 'direct', reason: 'chosen' })
    await passes(3000)
    expect(await choosing).toBe('direct')
    expect(await (await pending).text()).toBe('direct /hls/v1/init.mp4')
    expect(asked.filter((one) => one.endsWith('init.mp4'))).toHaveLength(1)
    expect(way.getState().changes).toBe(0)
  })

  it('asks for it where it turned out to be, when the hope was vain', async () => {
    works.direct = 'silent'
    open()
    const [pending] = [homeFetch(`${way.url}/hls/v1/init.mp4`), way.choose(signal)]
    await passes(5000)
    expect(await (await pending).text()).toBe('p2p /hls/v1/init.mp4')
  })

  it('goes from direct to peer to peer to the relay as they break, and back when they answer again', async () => {
    await chosen()
    await passes(6000)
    expect(way.getState()).toMatchObject({ transport: 'direct', spare: 'p2p' })
    const seen: (Transport | undefined)[] = []
    way.subscribe(() => seen.at(-1) !== way.transport && seen.push(way.transport))
    works.direct = false
    expect(await text('hls/v1/1.m4s')).toBe('p2p /hls/v1/1.m4s')
    works.p2p = false
    expect(await text('hls/v1/2.m4s')).toBe('relay /hls/v1/2.m4s')
    expect(way.getState()).toMatchObject({ reason: 'broke', changes: 2 })
    works.direct = true
    await passes(20_000)
    expect(await text('hls/v1/3.m4s')).toBe('direct /hls/v1/3.m4s')
    expect(way.getState()).toMatchObject({ reason: 'better', changes: 3 })
    expect(seen).toEqual(['p2p', 'relay', 'direct'])
  })

  it('notices a way that only holds its breath, and asks again elsewhere', async () => {
    await chosen()
    works.direct = 'silent'
    const pending = homeFetch(`${way.url}/hls/v1/1.m4s`)
    await passes(5000)
    expect(await (await pending).text()).toBe('p2p /hls/v1/1.m4s')
  })

  it('takes nothing for ready that answers no more, and opens a data channel beside one that is silent', async () => {
    works.direct = false
    await chosen()
    await passes(6000)
    works = { direct: false, p2p: 'silent', relay: 'silent' }
    way.suspect()
    await passes(800)
    expect([links, way.transport]).toEqual([2, 'p2p'])
    works.relay = true
    await passes(8000)
    expect(way.transport).toBe('relay')
  })

  it('takes a slow answer for no break while home answers otherwise', async () => {
    await chosen()
    let finish = (_: Response): void => undefined
    vi.stubGlobal('fetch', (url: string) =>
      url.endsWith('1.m4s') ? new Promise<Response>((done) => (finish = done)) : answer('direct', '', {}),
    )
    const pending = homeFetch(`${way.url}/hls/v1/1.m4s`)
    await passes(15_000)
    finish(new Response('made at last'))
    expect(await (await pending).text()).toBe('made at last')
    expect(way.getState()).toMatchObject({ transport: 'direct', changes: 0 })
  })

  it('goes on with another agent undisturbed, whatever the one before it says at last', async () => {
    await chosen()
    works.direct = 'silent'
    const doubting = way.doubt()
    await passes(500)
    works.direct = true
    const moving = way.movedTo({ urls })
    await passes(500)
    await moving
    let times = 0
    let finish = (_: Response): void => undefined
    vi.stubGlobal('fetch', (url: string, { signal }: RequestInit) => {
      if (!url.endsWith('1.m4s')) return answer('direct', '', {})
      times++
      return new Promise<Response>((done, fail) => {
        finish = done
        signal?.addEventListener('abort', () => fail(signal.reason))
      })
    })
    const pending = homeFetch(`${way.url}/hls/v1/1.m4s`)
    await passes(5000)
    finish(new Response('whole'))
    expect([await (await pending).text(), times]).toEqual(['whole', 1])
    await doubting
  })

  it('opens another connection when the old one is gone, also on another network', async () => {
    works.direct = false
    expect([await chosen(), links]).toEqual(['p2p', 1])
    works.p2p = 'silent'
    way.networkChanged()
    await passes(100)
    Object.assign(works, { p2p: true, relay: false })
    await passes(6000)
    expect(await text('hls/v1/1.m4s')).toBe('p2p /hls/v1/1.m4s')
    expect(links).toBe(2)
  })

  it('never takes a way that the player cannot use, or that is not offered', async () => {
    open()
    way.leaveOut('p2p')
    works.direct = false
    const choosing = way.choose(signal)
    await passes(3000)
    expect(await choosing).toBe('relay')
    await passes(30_000)
    expect(links).toBe(0)
  })

  it('says that no way leads home, and finds one by the next time', async () => {
    works = { direct: false, p2p: false, relay: false }
    await expect(chosen()).rejects.toMatchObject({ name: 'NoRoute' })
    works.relay = true
    void way.choose(signal)
    await passes(3000)
    expect(way.transport).toBe('relay')
  })

  it('keeps nothing ready for a film that nobody plays yet', async () => {
    open().look = undefined
    void way.choose(signal)
    await passes(60_000)
    expect([way.getState().transport, links, asked.length]).toEqual(['direct', 0, 1])
  })

  it('asks less and less for a spare that is not there', async () => {
    Object.assign(works, { p2p: false, relay: false })
    await chosen()
    await passes(600_000)
    expect(asked.filter((one) => one.startsWith('relay')).length).toBeLessThan(12)
  })

  it('is asked nothing any more once it is closed', async () => {
    await chosen()
    way.close()
    asked = []
    await passes(120_000)
    expect(asked).toEqual([])
    expect(isByAWay(way.url)).toBe(false)
  })
})

describe('a home in the local network that has to be explained first', () => {
  beforeEach(() => {
    permit.verdict = 'explain'
  })

  it('is not asked before, while another way is taken', async () => {
    expect(await chosen()).toBe('p2p')
    expect(way.getState().isLocalNetworkAsked).toBe(true)
    await passes(60_000)
    expect(asked.filter((one) => one.startsWith('direct'))).toEqual([])
  })

  it('is taken once the person says so', async () => {
    await chosen()
    permit.verdict = 'go'
    permit.tell()
    await passes(10_000)
    expect(way.getState()).toMatchObject({ transport: 'direct', reason: 'better', isLocalNetworkAsked: false })
  })

  it('is waited for when there is no other way, and left out when they say no', async () => {
    Object.assign(works, { p2p: false, relay: false })
    const choosing = open().choose(signal)
    const failed = expect(choosing).rejects.toMatchObject({ name: 'NoRoute' })
    await passes(60_000)
    permit.verdict = 'leave_out'
    permit.tell()
    await passes(20_000)
    await failed
    expect(asked.filter((one) => one.startsWith('direct'))).toEqual([])
  })
})
