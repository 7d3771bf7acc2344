import { afterEach, expect, it, vi } from 'vitest'
import type { PlayWish } from '#protocol/play-plan.ts'
import { PlanWishes } from './plan-wishes.ts'
import type { Playhead } from './playhead.ts'
import { RepairRun } from './repair-run.ts'
import type { Screen } from './screen.ts'
import type { StreamLease } from './stream-lease.ts'
import { ViewingStore } from './viewing-state.ts'

afterEach(() => vi.unstubAllGlobals())

const urls = [{ transport: 'direct', url: 'https://home.example/api/stream/t0ken' }] as const

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
  const lease = { ready, renew: async () => urls } as unknown as StreamLease
  const playhead = { positionSeconds: 40, goOn: () => undefined } as unknown as Playhead
  const store = new ViewingStore()
  const nothing = () => undefined
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
