/** All jobs that run: which one makes a segment, how many may run, who waits for a place, and when one that nobody watches ends. */
import { setTimeout as sleep } from 'node:timers/promises'
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
  /** Throws `busy` when as many jobs run as may and none ends within `patienceMilliseconds`, and what making throws. */
  want(wish: SegmentWish): Promise<Uint8Array>
  /** The stream is over: a job that made for it alone ends. */
  leave(streamId: string): void
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
  /** So long one who needs a place waits for it. */
  patienceMilliseconds: number
}

/** How often one who waits looks whether somebody has become idle. */
const LOOK_AGAIN_MILLISECONDS = 500
/** One that waits, and that nobody asked for so long, makes room for somebody who waits. */
const YIELD_SHARE = 0.25

type Running = { name: string; kind: JobKind; job: MakingJob; streams: Set<string>; usedAt: number }

export function createMakingJobs(options: MakingJobsOptions): MakingJobs {
  const { most, idleMilliseconds, patienceMilliseconds } = options
  const running = new Set<Running>()
  /** Of jobs that are not counted any more, and whose process may still be going. */
  const endings = new Set<Promise<void>>()
  let isClosed = false
  let place = Promise.withResolvers<void>()
  /** Those who wait look again, in the order in which they came. */
  const remove = (one: Running) => {
    running.delete(one)
    place.resolve()
    place = Promise.withResolvers()
  }
  const elsewhere = () => new AppError('conflict', 'The player went to another place of the film.')
  const stop = (one: Running, reason: AppError) => {
    remove(one)
    one.job.close(reason)
  }
  const idleFor = (one: Running) => (one.job.isAwaited() ? 0 : performance.now() - one.usedAt)
  const tidy = setInterval(() => {
    for (const one of running) if (idleFor(one) >= idleMilliseconds) stop(one, elsewhere())
  }, idleMilliseconds / 4)
  tidy.unref()

  /** The stream is somewhere else now; a job without a stream ends. */
  const leave = (streamId: string, isLeft: (one: Running) => boolean) => {
    for (const one of running) {
      if (!isLeft(one) || !one.streams.delete(streamId)) continue
      if (one.streams.size === 0) stop(one, elsewhere())
    }
  }
  const ofKind = (kind: JobKind) => [...running].filter((one) => one.kind === kind)
  /** False when all places are taken, and nobody's job can be ended for it. */
  const makeRoom = (kind: JobKind): boolean => {
    const all = ofKind(kind)
    if (all.length < most[kind]) return true
    const idlest = all.reduce((a, b) => (idleFor(a) >= idleFor(b) ? a : b))
    if (idleFor(idlest) < idleMilliseconds * YIELD_SHARE) return false
    stop(idlest, elsewhere())
    return true
  }
  const start = ({ name, kind, start: startJob }: SegmentWish): Running => {
    const one: Running = { name, kind, job: startJob(), streams: new Set(), usedAt: performance.now() }
    running.add(one)
    endings.add(one.job.ended)
    void one.job.ended.then(() => {
      remove(one)
      endings.delete(one.job.ended)
    })
    return one
  }
  /** The job that makes it: one that runs, or a new one. Undefined when there is no place for it. */
  const jobFor = (wish: SegmentWish): Running | undefined => {
    const { name, kind, index, streamId, signal } = wish
    if (isClosed) throw new AppError('agent_offline', 'The agent is stopping. Try again in a moment.')
    signal.throwIfAborted()
    const near = [...running].find((one) => one.name === name && one.job.isNear(index))
    leave(streamId, (one) => one.kind === kind && one !== near)
    const job = near ?? (makeRoom(kind) ? start(wish) : undefined)
    job?.streams.add(streamId)
    if (job) job.usedAt = performance.now()
    return job
  }
  return {
    async want(wish) {
      const givesUpAt = performance.now() + patienceMilliseconds
      let one = jobFor(wish)
      while (!one) {
        if (performance.now() >= givesUpAt) throw tooMany(ofKind(wish.kind).length)
        const later = sleep(LOOK_AGAIN_MILLISECONDS, undefined, { signal: wish.signal }).catch(() => undefined)
        await Promise.race([place.promise, later])
        one = jobFor(wish)
      }
      try {
        return await one.job.want(wish.index, wish.signal)
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
    leave: (streamId) => leave(streamId, () => true),
    count: (kind) => ofKind(kind).length,
    async close() {
      isClosed = true
      clearInterval(tidy)
      for (const one of running) stop(one, elsewhere())
      await Promise.all(endings)
    },
  }
}

const tooMany = (films: number) =>
  new AppError(
    'busy',
    `This home is already making ${films === 1 ? 'a film' : `${films} films`} for others, and can make no more at once. Try again in a while, or choose a version that needs no making.`,
  )
