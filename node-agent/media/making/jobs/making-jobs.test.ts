import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AppError } from '#protocol/errors.ts'
import type { MakingJob } from './making-job.ts'
import { createMakingJobs, type JobKind } from './making-jobs.ts'

/** A job that makes what it is told to, when it is told to. */
function fakeJob(firstIndex: number, aheadSegments = 3) {
  const ended = Promise.withResolvers<void>()
  const wanted = new Map<number, PromiseWithResolvers<Uint8Array>>()
  let isOver = false
  const job: MakingJob = {
    ended: ended.promise,
    want(index) {
      const asked = wanted.get(index) ?? Promise.withResolvers<Uint8Array>()
      wanted.set(index, asked)
      return asked.promise
    },
    reach: vi.fn(),
    isNear: (index) => !isOver && index >= firstIndex && index <= firstIndex + aheadSegments,
    isAheadOf: (index) => !isOver && index < firstIndex + aheadSegments,
    isAwaited: () => wanted.size > 0,
    close(reason) {
      isOver = true
      for (const { reject } of wanted.values()) reject(reason)
      wanted.clear()
      ended.resolve()
    },
  }
  const give = (index: number) => {
    wanted.get(index)?.resolve(Uint8Array.of(index))
    wanted.delete(index)
  }
  return { job, give, isOver: () => isOver }
}

function start(most = { video: 2, audio: 4 }, idleMilliseconds = 60_000, patienceMilliseconds = 0) {
  const jobs = createMakingJobs({ most, idleMilliseconds, patienceMilliseconds })
  onTestFinished(() => jobs.close())
  const started: ReturnType<typeof fakeJob>[] = []
  const want = (name: string, index: number, streamId = name, kind: JobKind = 'video') => {
    const answer = jobs.want({
      ...{ name, kind, index, streamId, signal: new AbortController().signal },
      start() {
        const fake = fakeJob(index)
        started.push(fake)
        return fake.job
      },
    })
    answer.catch(() => {})
    return answer
  }
  return { jobs, started, want }
}

const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'made',
    (error) => (error as AppError).code,
  )

describe('createMakingJobs', () => {
  it('lets as many run as may, and tells the other of 50 at once that it is busy', async () => {
    const { jobs, started, want } = start()
    const codes = Array.from({ length: 50 }, (_, n) => codeOf(want(`film-${n}`, 0)))
    expect(started.length).toBe(2)
    for (const { give } of started) give(0)
    const all = await Promise.all(codes)
    expect(all.filter((code) => code === 'made').length).toBe(2)
    expect(all.filter((code) => code === 'busy').length).toBe(48)
    expect(jobs.count('video')).toBe(2)
  })

  it('makes a rendition once for 50 who watch the same place', async () => {
    const { started, want } = start()
    const answers = Array.from({ length: 50 }, (_, n) => want('film', 7, `stream-${n}`))
    expect(started.length).toBe(1)
    started[0]?.give(7)
    expect(new Set((await Promise.all(answers)).map(([byte]) => byte))).toEqual(new Set([7]))
  })

  it('begins anew where a viewer seeks to, and ends the job that nobody else watches', async () => {
    const { started, want } = start()
    const before = codeOf(want('film', 0, 'a'))
    void want('film', 50, 'a')
    expect(started.map(({ isOver }) => isOver())).toEqual([true, false])
    expect(await before).toBe('conflict')
  })

  it('keeps the job of one viewer when another of the same film seeks away', () => {
    const { started, want } = start()
    void want('film', 0, 'a')
    void want('film', 1, 'b')
    void want('film', 50, 'b')
    expect(started.map(({ isOver }) => isOver())).toEqual([false, false])
  })

  it('leaves the sound alone when the picture seeks', () => {
    const { started, want } = start()
    void want('film.a', 0, 'a', 'audio')
    void want('film.v', 0, 'a', 'video')
    void want('film.v', 50, 'a', 'video')
    expect(started.map(({ isOver }) => isOver())).toEqual([false, true, false])
  })

  it('ends what nobody asked anything of for long', async () => {
    const { jobs, started, want } = start(undefined, 80)
    const answer = want('film', 0)
    started[0]?.give(0)
    await answer
    await started[0]?.job.ended
    expect(jobs.count('video')).toBe(0)
  })

  it('gives the place of one that is idle to one who waits, and never that of one who waits too', async () => {
    const { started, want } = start({ video: 1, audio: 1 }, 400)
    const answer = want('film', 0)
    expect(await codeOf(want('other', 0))).toBe('busy')
    started[0]?.give(0)
    await answer
    expect(await codeOf(want('other', 0))).toBe('busy')
    await new Promise((resolve) => setTimeout(resolve, 150))
    void want('other', 0)
    expect(started.map(({ isOver }) => isOver())).toEqual([true, false])
  })

  it('lets one who needs a place wait for the end of a job', async () => {
    const { started, want } = start({ video: 1, audio: 1 }, 60_000, 30_000)
    void want('film', 0)
    const waiting = want('other', 0)
    expect(started.length).toBe(1)
    started[0]?.job.close(new AppError('conflict', 'It is over.'))
    await vi.waitFor(() => expect(started.length).toBe(2))
    started[1]?.give(0)
    expect(await waiting).toEqual(Uint8Array.of(0))
  })

  it('gives 50 who wait for one place their turns, one job at a time', async () => {
    const { jobs, started, want } = start({ video: 1, audio: 1 }, 60_000, 30_000)
    const answers = Array.from({ length: 50 }, (_, n) => want(`film-${n}`, 0))
    for (let turn = 0; turn < 50; turn++) {
      await vi.waitFor(() => expect(started.length).toBe(turn + 1), { timeout: 10_000, interval: 5 })
      expect(jobs.count('video')).toBe(1)
      started[turn]?.give(0)
      started[turn]?.job.close(new AppError('conflict', 'It is over.'))
    }
    expect((await Promise.all(answers)).length).toBe(50)
  })

  it('ends the job of a stream that is over, and the wait of one who has left', async () => {
    const { jobs, started, want } = start({ video: 1, audio: 1 }, 60_000, 30_000)
    const watched = codeOf(want('film', 0, 'a'))
    const left = new AbortController()
    const waiting = jobs.want({
      ...{ name: 'other', kind: 'video', index: 0, streamId: 'b', signal: left.signal },
      start: () => expect.unreachable('nobody waits any more'),
    })
    left.abort(new AppError('conflict', 'The viewer left.'))
    expect(await codeOf(waiting)).toBe('conflict')
    jobs.leave('a')
    expect(await watched).toBe('conflict')
    expect(started[0]?.isOver()).toBe(true)
    expect(jobs.count('video')).toBe(0)
  })

  it('takes nothing on once it is closed', async () => {
    const { jobs, want } = start()
    await jobs.close()
    expect(await codeOf(want('film', 0))).toBe('agent_offline')
  })
})
