import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PlayWish } from '#protocol/play-plan.ts'
import type { StreamUrl } from '#protocol/stream-url.ts'
import { CannotPlay } from '../../failure.ts'
import { WayHome } from '../transports/way-home.ts'
import { PlanWishes } from './plan-wishes.ts'
import type { Playhead } from './playhead.ts'
import { RepairRun } from './repair-run.ts'
import type { Screen } from './screen.ts'
import type { StreamLease } from './stream-lease.ts'
import { ViewingStore } from './viewing-state.ts'

afterEach(() => vi.unstubAllGlobals())

const urls = [{ transport: 'direct', url: 'https://home.example/api/stream/t0ken' }] as const

const ways: WayHome[] = []
afterEach(() => {
  for (const way of ways.splice(0)) way.close()
})
function wayOf(streamUrls: readonly StreamUrl[]): WayHome {
  const localNetwork = {
    known: Promise.resolve(),
    verdict: () => 'go' as const,
    subscribe: () => undefined,
    changed: () => new Promise<void>(() => undefined),
  }
  const world = { streamId: 's1', urls: streamUrls, iceServers: [], openLink: undefined, localNetwork }
  const way = new WayHome({ ...world, origin: 'https://porch.example' })
  ways.push(way)
  return way
}

/** A film with two sounds and two heights in its playlist, whose first sound is 2, at a home that answers. */
function parts(wish: PlayWish = {}) {
  vi.stubGlobal('fetch', async () => new Response('x', { status: 206 }))
  const chosen: string[] = []
  const source = {
    setAudio: (id: number) => [2, 3].includes(id) && chosen.push(`sound ${id}`) > 0,
    setHeight: (height: number | undefined) =>
      [undefined, 480, 720].includes(height) && chosen.push(`height ${height}`) > 0,
  }
  const screen = { source, show: async () => void chosen.push('begun anew') } as unknown as Screen
  const ready = { urls, plan: { mode: 'audio', reasons: [], audioTrackId: 2 }, tracks: { audio: [] } }
  const nothing = () => undefined
  const lease = { ready, way: wayOf(urls), renew: nothing, wayIsTaken: nothing } as unknown as StreamLease
  const playhead = { positionSeconds: 40, goOn: () => undefined } as unknown as Playhead
  const store = new ViewingStore()
  const about = { screen, lease, store }
  const wishes: PlanWishes = new PlanWishes(
    { ...about, positionSeconds: () => 40, isSteady: () => true, asking: () => run.asking(), onReplanned: nothing },
    wish,
  )
  const run: RepairRun = new RepairRun({
    ...about,
    playhead,
    wishes,
    onUrl: nothing,
    onWorked: nothing,
    onFailed: (code) => expect.unreachable(code),
    onBroke: nothing,
  })
  return { run, wishes, store, chosen }
}

it('goes back to the sound and the height that were chosen in the playlist when the source begins anew', async () => {
  const { run, wishes, store, chosen } = parts()
  await wishes.chooseAudio(3)
  await wishes.chooseQuality(480)
  chosen.length = 0
  await run.run('renew', 'error')
  expect(chosen).toEqual(['begun anew', 'sound 3', 'height 480'])
  expect(store.getState()).toMatchObject({ audioTrackId: 3, chosenHeightPixels: 480 })
})

it('leaves the playlist its own choice where none was made, or home has put it first', async () => {
  for (const wish of [{}, { audioTrackId: 2 }]) {
    const { run, chosen } = parts(wish)
    await run.run('renew', 'error')
    expect(chosen).toEqual(['begun anew'])
  }
})

describe('finding a way home', () => {
  const two = [
    { transport: 'direct', url: 'https://away.example/api/stream/t0ken' },
    { transport: 'direct', url: 'https://home.example/api/stream/t0ken' },
  ] as const

  /** Homes by host: whether they answer a byte, and what becomes of a film that is begun from them. */
  function atHomes(
    answers: (host: string) => boolean,
    begins: (host: string, signal: AbortSignal) => Promise<void>,
    { plays = false } = {},
  ) {
    vi.stubGlobal('navigator', { onLine: true })
    vi.stubGlobal('fetch', async (url: string) => {
      if (!answers(new URL(url).hostname)) throw new TypeError('nobody there')
      return new Response('x', { status: 206 })
    })
    const begun: string[] = []
    const outcome: string[] = []
    const show = (_ready: unknown, url: string, { signal }: { signal: AbortSignal }) => {
      begun.push(new URL(url).hostname)
      return begins(new URL(url).hostname, signal)
    }
    let isPrepared = true
    const lease = {
      ready: { urls: two, plan: { mode: 'direct', reasons: [] }, tracks: { audio: [] } },
      way: wayOf(two),
      wayIsTaken: () => undefined,
      renew: async () => undefined,
      open: async () => undefined,
      get wasPrepared() {
        return isPrepared
      },
      giveBack: () => {
        isPrepared = false
        outcome.push('given back')
      },
    } as unknown as StreamLease
    const nothing = () => undefined
    const about = {
      screen: { show, source: plays ? {} : undefined } as unknown as Screen,
      lease,
      store: new ViewingStore(),
    }
    const run = new RepairRun({
      ...about,
      playhead: { positionSeconds: 0, goOn: nothing } as unknown as Playhead,
      wishes: { wish: {}, chooseAgain: nothing } as unknown as PlanWishes,
      onUrl: () => undefined,
      onWorked: () => outcome.push('worked'),
      onFailed: (code) => outcome.push(code),
      onBroke: nothing,
    })
    return { run, begun, outcome }
  }
  const never = (_host: string, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  it('begins with the first way before any has answered', async () => {
    const { run, begun, outcome } = atHomes(
      () => false,
      async () => undefined,
    )
    await run.run('renew', 'error')
    expect([begun, outcome]).toEqual([['away.example'], ['worked']])
  })

  it('leaves the first way for the one that answers', async () => {
    const { run, begun, outcome } = atHomes(
      (host) => host === 'home.example',
      (host, signal) => (host === 'home.example' ? Promise.resolve() : never(host, signal)),
    )
    await run.run('renew', 'error')
    expect([begun, outcome]).toEqual([['away.example', 'home.example'], ['worked']])
  })

  it('takes nothing from an element that plays what it holds before home has answered', async () => {
    const { run, begun, outcome } = atHomes(
      () => false,
      async () => undefined,
      { plays: true },
    )
    await run.run('renew', 'error')
    expect([begun, outcome]).toEqual([[], ['no_route']])
  })

  it('says that no way leads home, and not what a film says that cannot begin', async () => {
    const cannotPlay = async () => {
      throw new CannotPlay('no source')
    }
    const { run, outcome } = atHomes(() => false, cannotPlay)
    await run.run('renew', 'error')
    expect(outcome).toEqual(['no_route'])
  })

  it('asks home anew, once, when what was opened before the press does not begin', async () => {
    const { run, begun, outcome } = atHomes(() => false, never)
    await run.run('open', 'error')
    expect([begun, outcome]).toEqual([
      ['away.example', 'away.example'],
      ['given back', 'no_route'],
    ])
  })
})
