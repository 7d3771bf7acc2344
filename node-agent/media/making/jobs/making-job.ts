/** One running ffmpeg that makes the segments of a rendition one after another, a little ahead of who watches. */
import { AppError } from '#protocol/errors.ts'
import type { Film } from '../../film.ts'
import type { Segment } from '../../hls/segment-grid.ts'
import { type FfmpegTool, runFfmpeg } from '../ffmpeg/run-ffmpeg.ts'
import { openFilmDoor } from '../film-door.ts'
import { cutAtGrid } from '../fmp4/cut-at-grid.ts'
import { readFragments } from '../fmp4/read-fragments.ts'
import { writeSegment } from '../fmp4/write-segment.ts'

export type JobPlan = {
  film: Pick<Film, 'sizeBytes' | 'read'>
  grid: readonly Segment[]
  firstIndex: number
  ticksPerSecond: number
  /** What times inside ffmpeg have that film times have not. */
  offsetTicks: number
  /** Made beyond the last that was asked for; then it waits. */
  aheadSegments: number
  tool: FfmpegTool
  /** What ffmpeg is told, best way first; the next one is tried, from where the last one got to, when one fails. */
  attempts: readonly ((firstIndex: number) => readonly string[])[]
  /** The attempt at this place among them failed; with ffmpeg's own words. */
  onAttemptFailed: (attempt: number, complaint: string) => void
  /** True for a segment that need not be made again. */
  isKept: (index: number) => boolean
  keep: (index: number, bytes: Uint8Array) => Promise<void>
}

export type MakingJob = {
  /** The segment, when it is made. Rejects when it cannot be, or when the signal aborts. */
  want(index: number, signal: AbortSignal): Promise<Uint8Array>
  /** Whoever watches has got there, without asking for anything to be made. */
  reach(index: number): void
  /** True when the segment is made already, or will be soon. */
  isNear(index: number): boolean
  /** True when whoever watches the segment will need what this job makes next. */
  isAheadOf(index: number): boolean
  isAwaited(): boolean
  /** Ends ffmpeg; those who wait are told why. */
  close(reason: AppError): void
  /** Resolves when nothing of it is left. Never rejects. */
  ended: Promise<void>
}

const notMade = (complaint: string) =>
  new AppError('not_playable', 'This film is damaged, or of a kind that ffmpeg cannot read. Try another source.', {
    cause: new Error(complaint),
  })

export function startMakingJob(plan: JobPlan): MakingJob {
  const { grid, firstIndex, aheadSegments } = plan
  const closing = new AbortController()
  const awaited = new Map<number, PromiseWithResolvers<Uint8Array> & { askers: number }>()
  let nextIndex = firstIndex
  let wantedIndex = firstIndex
  /** Made, and not in the cache: about to be, or its disk is full. */
  const held = new Map<number, Uint8Array>()
  let wake = () => {}
  let over: { error: unknown } | undefined

  const give = async (index: number, bytes: Uint8Array) => {
    nextIndex = index + 1
    awaited.get(index)?.resolve(bytes)
    awaited.delete(index)
    held.set(index, bytes)
    await plan.keep(index, bytes)
    for (const other of held.keys()) if (plan.isKept(other) || other < index - aheadSegments - 1) held.delete(other)
    // Another job has been here: whoever watches asks again where its work ends.
    if (awaited.size === 0 && plan.isKept(nextIndex) && plan.isKept(nextIndex + 1)) closing.abort()
    while (nextIndex > wantedIndex + aheadSegments && !closing.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  /** Gives false when ffmpeg failed. */
  const attempt = async (door: Awaited<ReturnType<typeof openFilmDoor>>, number: number): Promise<boolean> => {
    const stop = new AbortController()
    const args = plan.attempts[number]?.(nextIndex) ?? []
    const run = runFfmpeg(plan.tool, args, AbortSignal.any([closing.signal, stop.signal]), door.url)
    try {
      const cutter = cutAtGrid(grid, nextIndex, plan.ticksPerSecond)
      for await (const samples of readFragments(run.output)) {
        // ffmpeg rounds the offset it was given: the first frame can be told a tick before the film begins.
        const inFilm = (time: number) => (time === plan.offsetTicks - 1 ? 0 : time - plan.offsetTicks)
        const done = samples.flatMap((sample) => cutter.push({ ...sample, time: inFilm(sample.time) }))
        for (const segment of [...done, ...cutter.endFragment()]) {
          // What comes after a read that failed is filled up, not made.
          if (door.failure()) throw door.failure()
          await give(segment.index, writeSegment(segment))
        }
        if (nextIndex === grid.length) return true
      }
      const { isGood, complaint } = await run.ended
      closing.signal.throwIfAborted()
      // To ffmpeg this was the film's end.
      if (door.failure()) throw door.failure()
      if (!isGood) {
        plan.onAttemptFailed(number, complaint)
        if (number + 1 === plan.attempts.length) throw notMade(complaint)
        return false
      }
      for (const segment of cutter.end()) await give(segment.index, writeSegment(segment))
      return true
    } finally {
      stop.abort()
      await run.ended
    }
  }

  const run = async () => {
    const door = await openFilmDoor(plan.film, closing.signal)
    try {
      for (let number = 0; number < plan.attempts.length; number++) if (await attempt(door, number)) return
    } finally {
      door.close()
    }
  }
  const end = (error: unknown) => {
    over ??= { error }
    for (const { reject } of awaited.values()) reject(over.error)
    awaited.clear()
  }
  const ended = run().then(
    () => end(new AppError('conflict', 'The player went to another place of the film.')),
    (error: unknown) => end(error),
  )

  return {
    ended,
    async want(index, signal) {
      const made = held.get(index)
      if (made) {
        this.reach(index)
        return made
      }
      if (over) throw over.error
      const wanted = awaited.get(index) ?? { ...Promise.withResolvers<Uint8Array>(), askers: 0 }
      wanted.promise.catch(() => {})
      wanted.askers++
      awaited.set(index, wanted)
      this.reach(index)
      try {
        return await orAborted(wanted.promise, signal)
      } finally {
        if (--wanted.askers === 0 && awaited.get(index) === wanted) awaited.delete(index)
      }
    },
    reach(index) {
      // Of several who watch, the one who is furthest.
      wantedIndex = Math.max(wantedIndex, index)
      wake()
    },
    isNear: (index) => !over && (held.has(index) || (index >= nextIndex && index <= nextIndex + aheadSegments)),
    // It waits when it has made `aheadSegments` beyond the last that was asked for.
    isAheadOf: (index) => !over && index >= nextIndex - aheadSegments - 1 && index < nextIndex + aheadSegments,
    isAwaited: () => awaited.size > 0,
    close(reason) {
      end(reason)
      closing.abort(reason)
      wake()
    },
  }
}

function orAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
