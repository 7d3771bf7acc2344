/** When a line to the hub is found dead: by the clock, by who watches, and by the address that it goes out from. */
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { PONG } from '#protocol/agent-messages.ts'
import { createLog } from '../log.ts'
import { type KeepAliveOptions, keepAlive } from './keep-alive.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A line whose other end answers as long as `answers` says; the seconds at which it was asked, and at which it was ended. */
function line(options: Partial<KeepAliveOptions>, answers: () => boolean = () => false) {
  const beganMs = Date.now()
  const atSeconds = () => Math.round((Date.now() - beganMs) / 1000)
  const seen = { pings: [] as number[], ended: [] as number[] }
  let stop = () => {}
  const socket = Object.assign(new EventEmitter(), {
    send() {
      seen.pings.push(atSeconds())
      if (answers()) setTimeout(() => socket.emit('message', PONG, false), 20)
    },
    terminate() {
      seen.ended.push(atSeconds())
      stop()
    },
  })
  stop = keepAlive(
    socket as unknown as WebSocket,
    createLog(() => {}),
    { everySeconds: 25, ...options },
  )
  return seen
}

describe('a line to the hub', () => {
  it('is asked in turn, and has ten seconds', () => {
    const seen = line({})
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [25], ended: [35] })
  })

  it('is asked more often while somebody watches, and has three seconds', () => {
    const seen = line({ isWatched: () => true })
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [2], ended: [5] })
  })

  it('is asked as soon as somebody begins to watch, and goes on as long as it answers', () => {
    let isWatched = false
    const seen = line({ isWatched: () => isWatched }, () => true)
    vi.advanceTimersByTime(10_000)
    isWatched = true
    vi.advanceTimersByTime(7000)
    expect(seen).toEqual({ pings: [11, 13, 15, 17], ended: [] })
  })

  it('is over when the machine has lost its address, without a question', () => {
    let isCut = false
    const seen = line({ isCut: () => isCut }, () => true)
    vi.advanceTimersByTime(10_000)
    isCut = true
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [], ended: [11] })
  })
})
