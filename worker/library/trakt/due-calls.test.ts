import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffSeconds, dueCalls, OUTBOX_KINDS, type Queued, STALE_MS, type TraktName } from './due-calls.ts'

const now = 1_800_000_000_000
const at = (atMs: number) => new Date(atMs).toISOString()
const names: Record<string, TraktName> = {
  film: { kind: 'movies', ids: { imdb: 'tt1' } },
  other: { kind: 'movies', ids: { imdb: 'tt2' } },
  show: { kind: 'shows', ids: { tmdb: 7 } },
  episode: { kind: 'numbered', show: { tmdb: 7 }, season: 2, number: 3 },
}
const due = (...queue: (Partial<Queued> & Pick<Queued, 'kind'>)[]) => {
  const rows = queue.map((one, index) => ({ id: `r${index}`, titleId: 'film', atMs: now, tries: 0, ...one }))
  const { calls, dropped } = dueCalls(rows, (id) => names[id], now)
  return { calls: calls.map(({ path, body }) => [path, body]), dropped }
}
const film = { movie: { ids: { imdb: 'tt1' } } }
const old = now - STALE_MS - 1

describe('the queue', () => {
  it('tells what happens now as it happens', () => {
    expect(due({ kind: 'scrobble/start', percent: 3 })).toEqual({
      calls: [['/scrobble/start', { ...film, progress: 3 }]],
      dropped: [],
    })
  })

  it('finds an episode without ids by its show and its numbers', () => {
    expect(due({ kind: 'scrobble/pause', percent: 3, titleId: 'episode' }).calls).toEqual([
      ['/scrobble/pause', { show: { ids: { tmdb: 7 } }, episode: { season: 2, number: 3 }, progress: 3 }],
    ])
  })

  it('does not tell hours later that something begins', () => {
    expect(due({ kind: 'scrobble/start', percent: 3, atMs: old })).toEqual({ calls: [], dropped: ['r0'] })
  })

  it('tells of a film watched while Trakt was away at the time it was watched', () => {
    const seen = { kind: 'scrobble/stop', percent: 96, atMs: old } as const
    const history = (watched_at: string) => ['/sync/history', { movies: [{ ids: { imdb: 'tt1' }, watched_at }] }]
    expect(due(seen).calls).toEqual([history(at(old))])
    // Also when it was begun again since.
    expect(due(seen, { kind: 'scrobble/start', percent: 1 }).calls).toEqual([
      history(at(old)),
      ['/scrobble/start', { ...film, progress: 1 }],
    ])
  })

  it('tells only the last of several places in a film', () => {
    expect(
      due(
        { kind: 'scrobble/start', percent: 1 },
        { kind: 'scrobble/pause', percent: 20, titleId: 'other' },
        { kind: 'scrobble/pause', percent: 30 },
        { kind: 'scrobble/pause', percent: 40 },
      ),
    ).toEqual({
      calls: [
        ['/scrobble/pause', { movie: { ids: { imdb: 'tt2' } }, progress: 20 }],
        ['/scrobble/pause', { ...film, progress: 40 }],
      ],
      dropped: ['r0', 'r2'],
    })
  })

  it('joins neighbours of one kind into one call, and keeps the order of different ones', () => {
    const { calls } = due(
      { kind: 'sync/watchlist' },
      { kind: 'sync/watchlist', titleId: 'show' },
      { kind: 'sync/watchlist/remove' },
      { kind: 'sync/watchlist' },
    )
    expect(calls).toEqual([
      ['/sync/watchlist', { movies: [{ ids: { imdb: 'tt1' } }], shows: [{ ids: { tmdb: 7 } }] }],
      ['/sync/watchlist/remove', { movies: [{ ids: { imdb: 'tt1' } }] }],
      ['/sync/watchlist', { movies: [{ ids: { imdb: 'tt1' } }] }],
    ])
  })

  it('tells only the last word about a title: its stars, or that they were taken back', () => {
    expect(
      due(
        { kind: 'sync/ratings', stars: 3 },
        { kind: 'sync/ratings', stars: 9, titleId: 'other' },
        { kind: 'sync/ratings', stars: 8 },
        { kind: 'sync/ratings/remove', titleId: 'other' },
      ),
    ).toEqual({
      calls: [
        ['/sync/ratings', { movies: [{ ids: { imdb: 'tt1' }, rating: 8, rated_at: at(now) }] }],
        ['/sync/ratings/remove', { movies: [{ ids: { imdb: 'tt2' } }] }],
      ],
      dropped: ['r0', 'r1'],
    })
  })

  it('drops what Trakt has no name for', () => {
    expect(due({ kind: 'sync/ratings', stars: 8, titleId: 'our-holidays' }).dropped).toEqual(['r0'])
  })

  it('loses nothing: each row is in one call or dropped, and no film that was watched is dropped', () => {
    const row = fc.record({
      kind: fc.constantFrom(...OUTBOX_KINDS),
      titleId: fc.constantFrom('film', 'other', 'episode'),
      atMs: fc.constantFrom(now, now - 1000, old),
      percent: fc.integer({ min: 0, max: 100 }),
      stars: fc.integer({ min: 1, max: 10 }),
      tries: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const queue = rows.map((one, index) => ({ ...one, id: String(index) }))
        const { calls, dropped } = dueCalls(queue, (id) => names[id], now)
        const told = calls.flatMap(({ ids }) => ids)
        expect([...told, ...dropped].sort()).toEqual(queue.map(({ id }) => id).sort())
        expect(told).toEqual([...told].sort((a, b) => Number(a) - Number(b)))
        for (const id of dropped) {
          const { kind, percent, titleId } = queue[Number(id)] as Queued
          const isScrobble = kind.startsWith('scrobble/') && !(kind === 'scrobble/stop' && (percent ?? 0) >= 80)
          const isRatedAnew = (next: Queued) => next.kind.startsWith('sync/ratings') && next.titleId === titleId
          const isSuperseded = kind.startsWith('sync/ratings') && queue.slice(Number(id) + 1).some(isRatedAnew)
          expect(isScrobble || isSuperseded).toBe(true)
        }
      }),
    )
  })
})

it('waits longer after each failure, never longer than a day, and never all at once', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
      const seconds = backOffSeconds(tries, random)
      expect(seconds).toBeGreaterThanOrEqual(45)
      expect(seconds).toBeLessThanOrEqual(8 * 3600)
      expect(backOffSeconds(tries + 1, random)).toBeGreaterThanOrEqual(seconds)
    }),
  )
  expect(backOffSeconds(0, 0)).toBeLessThan(backOffSeconds(0, 1))
})
