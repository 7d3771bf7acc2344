/** The agent's background work under a clock that is not real. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from './log.ts'
import { type AgentTask, startTaskLoop, type TaskLoop } from './task-loop.ts'

const lines: string[] = []
const log = createLog((line) => void lines.push(line))
const kept = new Map<string, string>()
const memory = { get: (key: string) => kept.get(key), set: (key: string, value: string) => void kept.set(key, value) }
let arePeopleWaiting = false
let loop: TaskLoop | undefined

const task = (name: string, everySeconds: number, change: Partial<AgentTask> = {}): AgentTask => ({
  ...{ name, everySeconds, jitter: 0, priority: 1, leaseSeconds: 60, cost: {}, yieldsToPeople: false },
  run: async () => undefined,
  ...change,
})
const start = (tasks: AgentTask[], budgets: Record<string, number> = {}) => {
  loop = startTaskLoop(tasks, { memory, log, budgets, arePeopleWaiting: () => arePeopleWaiting, random: () => 0.5 })
  return loop
}
/** A run that hears nothing and never ends. */
function hang(note: () => void): Promise<never> {
  note()
  return new Promise(() => undefined)
}
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000)

beforeEach(() => {
  // A whole second: sums of others round, and a look a second comes one too late.
  vi.useFakeTimers({ now: 1_800_000_000_000 })
  kept.clear()
  lines.length = 0
  arePeopleWaiting = false
})
afterEach(async () => {
  await loop?.close()
  vi.useRealTimers()
})

describe('the loop', () => {
  it('runs each task in its own time', async () => {
    const done: string[] = []
    start([
      task('often', 60, { run: async () => void done.push('often') }),
      task('seldom', 600, { run: async () => void done.push('seldom') }),
    ])
    await pass(3599)
    expect(done.filter((name) => name === 'often')).toHaveLength(60)
    expect(done.filter((name) => name === 'seldom')).toHaveLength(6)
  })

  it('knows after a restart when each ran, and begins again what was cut short', async () => {
    const done: string[] = []
    const tasks = [
      task('ends', 600, { run: async () => void done.push('ends') }),
      task('hangs', 600, { leaseSeconds: 500, run: () => hang(() => done.push('hangs')) }),
    ]
    await start(tasks).close()
    start(tasks)
    await pass(10)
    expect(done).toEqual(['ends', 'hangs', 'hangs'])
  })

  it('writes nothing to the disk for what runs every minute', async () => {
    start([task('often', 60), task('seldom', 600)])
    await pass(300)
    expect(Object.keys(JSON.parse(kept.get('tasks') ?? '{}'))).toEqual(['seldom'])
  })

  it('begins anew from a memory that cannot be read', async () => {
    kept.set('tasks', '{"often":{"nextAt":"soon"}}')
    const run = vi.fn(async () => undefined)
    start([task('often', 60, { run })])
    await pass(1)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('ends what takes too long, says so, and tries again', async () => {
    const signals: AbortSignal[] = []
    const run = (signal: AbortSignal) => hang(() => signals.push(signal))
    start([task('hangs', 600, { run })])
    await pass(62)
    expect(signals[0]?.aborted).toBe(true)
    expect(lines.join()).toContain('task_failed')
    await pass(300)
    expect(signals).toHaveLength(2)
  })

  it('goes on with the others when one fails, and waits longer for it each time', async () => {
    const tries: number[] = []
    const began = Date.now()
    const other = vi.fn(async () => undefined)
    const fails = async () => {
      tries.push((Date.now() - began) / 1000)
      throw new Error('no')
    }
    start([task('fails', 3600, { run: fails }), task('other', 60, { run: other })])
    await pass(2400)
    expect(tries).toEqual([0, 300, 900, 2100])
    expect(other.mock.calls.length).toBeGreaterThanOrEqual(40)
  })

  it('holds what yields back while somebody waits for a film', async () => {
    arePeopleWaiting = true
    const now = Date.now() / 1000
    kept.set('tasks', JSON.stringify({ yields: { nextAt: now, failures: 0 } }))
    const run = vi.fn(async () => undefined)
    start([task('yields', 600, { yieldsToPeople: true, run })])
    await pass(100)
    expect(run).not.toHaveBeenCalled()
    arePeopleWaiting = false
    await pass(1)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('never lets more run together than the budget has', async () => {
    const done = new Set<string>()
    let [now, most] = [0, 0]
    const run = async (name: string) => {
      most = Math.max(most, ++now)
      await new Promise((after) => setTimeout(after, 5000))
      now--
      done.add(name)
    }
    const tasks = ['a', 'b', 'c'].map((name) => task(name, 60, { cost: { processor: 1 }, run: () => run(name) }))
    start(tasks, { processor: 2 })
    await pass(600)
    expect([most, done.size]).toEqual([2, 3])
  })

  it('runs at once what is wanted, and once', async () => {
    const run = vi.fn(async () => undefined)
    const { want } = start([task('seldom', 86_400, { run })])
    await pass(10)
    want('seldom')
    want('seldom')
    want('nothing')
    await pass(10)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('stops what runs when it is closed', async () => {
    const signals: AbortSignal[] = []
    const { close } = start([task('hangs', 60, { run: (given) => hang(() => signals.push(given)) })])
    await close()
    expect(signals[0]?.aborted).toBe(true)
    expect(lines).toEqual([])
  })
})
