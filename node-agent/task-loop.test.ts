/** The agent's background work under a clock that is not real. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import { TaskReport } from '#protocol/task-report.ts'
import { createLog } from './log.ts'
import { openState } from './state/state.ts'
import { type AgentTask, startTaskLoop, type TaskLoop } from './task-loop.ts'
import { temporaryDirectory } from './testing/temporary-directory.ts'

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

  it('tells how each went and when it runs next, and keeps a rest over a restart', async () => {
    const tasks = [
      task('works', 600, { run: async () => new Promise((after) => setTimeout(after, 2000)) }),
      task('fails', 600, { run: () => Promise.reject(new AppError('busy', 'Too much to do.')) }),
      task('breaks', 60, { run: () => Promise.reject(new Error('a secret of the inside')) }),
    ]
    const state = openState(temporaryDirectory())
    const rooms = { memory, log, history: state.tasks, arePeopleWaiting: () => false, random: () => 0.5 }
    loop = startTaskLoop(tasks, rooms)
    expect(loop.report()[0]).toMatchObject({ name: 'works', isRunning: true, lastRun: null })
    await pass(10)
    expect(loop.report()).toMatchObject([
      { isRunning: false, failures: 0, nextAt: 1_800_000_600, lastRun: { result: 'done', durationMs: 2000 } },
      { failures: 1, nextAt: 1_800_000_300, lastRun: { result: 'failed', problem: 'Too much to do.' } },
      { failures: 1, lastRun: { result: 'failed', problem: expect.not.stringContaining('secret') } },
    ])
    for (const report of loop.report()) expect(TaskReport.parse(report)).toEqual(report)
    loop.pause('works', true)
    loop.pause('breaks', true)
    await loop.close()
    loop = startTaskLoop(tasks, rooms)
    await pass(1300)
    expect(loop.report().map(({ isPaused, nextAt }) => [isPaused, nextAt === null])).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ])
    expect(loop.runsOf('works')).toHaveLength(1)
    expect(loop.runsOf('fails').map(({ startedAt }) => startedAt - 1_800_000_000)).toEqual([900, 300, 0])
    loop.runNow('works')
    await pass(5)
    expect(loop.runsOf('works')).toHaveLength(2)
    expect(loop.report()[0]).toMatchObject({ isPaused: true, nextAt: null })
    for (const act of [
      () => loop?.runNow('nothing'),
      () => loop?.pause('nothing', true),
      () => loop?.runsOf('nothing'),
    ])
      expect(act).toThrow('no such task')
    await loop.close()
    state.close()
  })

  it('forgets runs after thirty days', () => {
    const state = openState(temporaryDirectory())
    const day = 86_400
    for (const at of [0, 1, 40])
      state.tasks.addRun('daily', { startedAt: at * day, durationMs: 1, result: 'done', problem: null })
    expect(state.tasks.runsOf('daily', 100).map(({ startedAt }) => startedAt / day)).toEqual([40])
    state.close()
  })

  it('stops what runs when it is closed', async () => {
    const signals: AbortSignal[] = []
    const { close } = start([task('hangs', 60, { run: (given) => hang(() => signals.push(given)) })])
    await close()
    expect(signals[0]?.aborted).toBe(true)
    expect(lines).toEqual([])
  })
})
