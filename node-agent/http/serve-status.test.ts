/** The event stream of a film's status. */
import { describe, expect, it } from 'vitest'
import type { StreamStatus } from '#protocol/stream-status.ts'
import { STATUS_BEAT_SECONDS, statusEvents, statusTold } from './serve-status.ts'

const status = (peers: number): StreamStatus => ({
  state: 'downloading',
  peers,
  bytesPerSecond: 0,
  downloadedBytes: 0,
  sizeBytes: 1,
  buffered: [],
})

async function take(count: number, statuses: StreamStatus[]): Promise<string[]> {
  const abort = new AbortController()
  const events: string[] = []
  const next = () => (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? status(0)
  for await (const bytes of statusEvents(next, abort.signal, 1)) {
    events.push(Buffer.from(bytes).toString())
    if (events.length === count) abort.abort()
  }
  return events
}

describe('what a status tells of its home', () => {
  it.each([
    ['nothing while all is well', 'downloading', false, false, {}],
    ['that it leaves', 'downloading', true, false, { isLeaving: true }],
    ['that it waits for the VPN', 'finding-peers', false, true, { waiting: 'vpn' }],
    ['both', 'disk-full', true, true, { isLeaving: true, waiting: 'vpn' }],
    ['not that a film waits which is complete', 'complete', false, true, {}],
  ] as const)('is %s', (_what, state, isLeaving, isVpnDown, more) => {
    const before = { ...status(1), state }
    const told = { ...before, beatSeconds: STATUS_BEAT_SECONDS, ...more }
    expect(statusTold(before, { isLeaving, isVpnDown })).toEqual(told)
  })
})

describe('statusEvents', () => {
  it('says what is true at each beat, changed or not: silence means that the line is gone', async () => {
    const events = await take(4, [status(1), status(1), status(2), status(2)])
    expect(events).toEqual([1, 1, 2, 2].map((peers) => `data: ${JSON.stringify(status(peers))}\n\n`))
  })

  it('ends with its signal', async () => {
    const events = statusEvents(() => status(1), AbortSignal.abort())
    expect((await events.next()).done).toBe(true)
  })
})
