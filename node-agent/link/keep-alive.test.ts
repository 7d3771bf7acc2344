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

/** A line whose other end answers nothing, or after so long; the seconds at which it was asked, and at which it was ended. */
function line(options: Partial<KeepAliveOptions>, afterMs?: number) {
  const beganMs = Date.now()
  const atSeconds = () => Math.round((Date.now() - beganMs) / 100) / 10
  const seen = { pings: [] as number[], ended: [] as number[], isOursAlone: undefined as boolean | undefined }
  let stop = () => {}
  const socket = Object.assign(new EventEmitter(), {
    send() {
      seen.pings.push(atSeconds())
      if (afterMs !== undefined) setTimeout(() => socket.emit('message', PONG, false), afterMs)
    },
  })
  stop = keepAlive(
    socket as unknown as WebSocket,
    createLog(() => {}),
    {
      everySeconds: 25,
      end(isOursAlone) {
        seen.ended.push(atSeconds())
        seen.isOursAlone = isOursAlone
        stop()
      },
      ...options,
    },
  )
  return seen
}

describe('a line to the hub', () => {
  it('is asked in turn, and has ten seconds', () => {
    const seen = line({})
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [25], ended: [35], isOursAlone: false })
  })

  it('is asked more often while somebody watches, and has three seconds', () => {
    const seen = line({ isWatched: () => true })
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [1], ended: [4], isOursAlone: false })
  })

  it('is asked as soon as somebody begins to watch, and goes on as long as it answers', () => {
    let isWatched = false
    const seen = line({ isWatched: () => isWatched }, 20)
    vi.advanceTimersByTime(10_000)
    isWatched = true
    vi.advanceTimersByTime(7000)
    expect(seen).toEqual({ pings: [11, 12, 13, 14, 15, 16, 17], ended: [] })
  })

  it('is over when the machine has lost its address, without a question', () => {
    let isCut = false
    const seen = line({ isCut: () => isCut }, 20)
    vi.advanceTimersByTime(10_000)
    isCut = true
    vi.advanceTimersByTime(60_000)
    expect(seen).toEqual({ pings: [], ended: [11], isOursAlone: true })
  })

  it('that somebody watches over is dead when it is silent and the edge answers by a new one', async () => {
    const seen = line({ isWatched: () => true, answersAnew: async () => true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toEqual({ pings: [1], ended: [1.7], isOursAlone: true })
  })

  it('is well when its answer comes before that of a new one, however late', async () => {
    const answersAnew = () => new Promise<boolean>((done) => setTimeout(() => done(true), 1500))
    const seen = line({ isWatched: () => true, answersAnew }, 2000)
    await vi.advanceTimersByTimeAsync(8000)
    expect(seen).toEqual({ pings: [1, 3, 5, 7], ended: [] })
  })

  it('has its whole time when the edge cannot be reached by a new one, either', async () => {
    const seen = line({ isWatched: () => true, answersAnew: () => Promise.reject(new Error('unreachable')) })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(seen).toEqual({ pings: [1], ended: [4], isOursAlone: false })
  })

  it('is not held against a new one while nobody watches', async () => {
    let asked = 0
    const seen = line({ answersAnew: async () => ++asked > 0 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([seen.ended, asked]).toEqual([[35], 0])
  })
})
