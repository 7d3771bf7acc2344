import { describe, expect, it } from 'vitest'
import { judgeWay, patienceMs, type WayLook } from './judge-way.ts'

const calm: WayLook = {
  aheadSeconds: 10,
  silentMs: 100,
  bytesPerSecond: undefined,
  filmBytesPerSecond: 1000,
  isLinesPace: true,
  spare: { bytesPerSecond: undefined },
}

describe('bytes that a player waits for', () => {
  it.each<[string, Partial<WayLook>, string]>([
    ['come', {}, 'stay'],
    ['have just not come, and the player holds much', { silentMs: 2500, aheadSeconds: 20 }, 'stay'],
    ['do not come, and the player holds much', { silentMs: 4000, aheadSeconds: 20 }, 'ask'],
    ['do not come, and the player holds nothing', { silentMs: 1000, aheadSeconds: 0 }, 'ask'],
    ['do not come, and there is no other way', { silentMs: 20_000, aheadSeconds: 0, spare: undefined }, 'stay'],
    ['come faster than they are shown', { bytesPerSecond: 1100, aheadSeconds: 0 }, 'stay'],
    ['come at half the pace, with ten seconds held', { bytesPerSecond: 500 }, 'leave'],
    ['come at half the pace, with a minute held', { bytesPerSecond: 500, aheadSeconds: 60 }, 'stay'],
    ['come a little too slowly, with ten seconds held', { bytesPerSecond: 900 }, 'stay'],
    ['come too slowly out of a swarm', { bytesPerSecond: 100, isLinesPace: false }, 'stay'],
    [
      'come too slowly of a film that nobody knows the size of',
      { bytesPerSecond: 100, filmBytesPerSecond: undefined },
      'stay',
    ],
    [
      'come too slowly, and the other way is known to be no better',
      { bytesPerSecond: 500, spare: { bytesPerSecond: 600 } },
      'stay',
    ],
    [
      'come too slowly, and the other way is known to be better',
      { bytesPerSecond: 500, spare: { bytesPerSecond: 700 } },
      'leave',
    ],
  ])('%s', (_, look, verdict) => expect(judgeWay({ ...calm, ...look })).toBe(verdict))
})

it('who holds more waits longer, up to a limit', () => {
  const all = [0, 1, 5, 15, 40].map(patienceMs)
  expect(all).toEqual([...all].sort((one, other) => one - other))
  expect([all[0], all.at(-1)]).toEqual([1000, 4000])
})
