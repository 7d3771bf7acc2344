/** All jobs that run: which one makes a segment, how many may run, and when one that nobody watches ends. */
import { AppError } from '#protocol/errors.ts'
import type { MakingJob } from './making-job.ts'

export type JobKind = 'video' | 'audio'

export type SegmentWish = {
  /** Film and rendition. */
  name: string
  kind: JobKind
  index: number
  /** Whoever watches; one stream needs one job of a kind at a time. */
  streamId: string
  signal: AbortSignal
  start: () => MakingJob
}

export type MakingJobs = {
  /** Throws `busy` when as many jobs run as may, and what making throws. */
  want(wish: SegmentWish): Promise<Uint8Array>
  /** Somebody watches a segment that is there already: the job that is ahead of them goes on. */
  reach(name: string, index: number): void
  /** How many run. */
  count(kind: JobKind): number
  close(): Promise<void>
}

export type MakingJobsOptions = {
  most: Readonly<Record<JobKind, number>>
  /** A job that nobody asked anything of for so long ends. */
  idleMilliseconds: number
}

/** One that waits, and that nobody asked for so long, makes room for somebody who waits. */
const YIELD_SHARE = 0.25

type Running = { name: string; kind: JobKind; job: MakingJob; streams: Set<string>; usedAt: number }

export function createMakingJobs({ most, idleMilliseconds }: MakingJobsOptions): MakingJobs {
  const running = new Set<Running>()
  /** Of jobs that are not counted any more, and whose process may still be going. */
  const endings = new Set<Promise<void>>()
  let isClosed = false
  const elsewhere = () => new AppError('conflict', 'The player went to another place of the film.')
  const stop = (one: Running, reason: AppError) => {
    running.delete(one)
    one.job.close(reason)
  }
  const idleFor = (one: Running) => (one.job.isAwaited() ? 0 : performance.now() - one.usedAt)
  const tidy = setInterval(() => {
    for (const one of running) if (idleFor(one) >= idleMilliseconds) stop(one, elsewhere())
  }, idleMilliseconds / 4)
  tidy.unref()

  /** The stream is somewhere else now; a job without a stream ends. */
  const leave = (streamId: string, kind: JobKind, but?: Running) => {
    for (const one of running) {
      if (one === but || one.kind !== kind || !one.streams.delete(streamId)) continue
      if (one.streams.size === 0) stop(one, elsewhere())
    }
  }
  const ofKind = (kind: JobKind) => [...running].filter((one) => one.kind === kind)
  const makeRoom = (kind: JobKind) => {
    const all = ofKind(kind)
    if (all.length < most[kind]) return
    const idlest = all.reduce((a, b) => (idleFor(a) >= idleFor(b) ? a : b))
    if (idleFor(idlest) < idleMilliseconds * YIELD_SHARE) {
      throw new AppError(
        'busy',
        `This home is already making ${all.length === 1 ? 'a film' : `${all.length} films`} for others, and can make no more at once. Try again in a while, or choose a version that needs no making.`,
      )
    }
    stop(idlest, elsewhere())
  }
  const start = ({ name, kind, start: startJob }: SegmentWish): Running => {
    makeRoom(kind)
    const one: Running = { name, kind, job: startJob(), streams: new Set(), usedAt: performance.now() }
    running.add(one)
    endings.add(one.job.ended)
    void one.job.ended.then(() => {
      running.delete(one)
      endings.delete(one.job.ended)
    })
    return one
  }
  return {
    async want(wish) {
      const { name, kind, index, streamId, signal } = wish
      if (isClosed) throw new AppError('agent_offline', 'The agent is stopping. Try again in a moment.')
      signal.throwIfAborted()
      const near = [...running].find((one) => one.name === name && one.job.isNear(index))
      leave(streamId, kind, near)
      const one = near ?? start(wish)
      one.streams.add(streamId)
      one.usedAt = performance.now()
      try {
        return await one.job.want(index, signal)
      } finally {
        one.usedAt = performance.now()
      }
    },
    reach(name, index) {
      for (const one of running) {
        if (one.name !== name || !one.job.isAheadOf(index)) continue
        one.usedAt = performance.now()
        one.job.reach(index)
      }
    },
    count: (kind) => ofKind(kind).length,
    async close() {
      isClosed = true
      clearInterval(tidy)
      for (const one of running) stop(one, elsewhere())
      await Promise.all(endings)
    },
  }
}
