/** Coded frames into the runs that a segment consists of: when each is decoded, shown and over. Pure. */
import type { CodedFrame } from './coded-frame.ts'
import { VIDEO_TIMESCALE } from './copied-init.ts'
import { decodeTimes, type Run, type Sample } from './fragment.ts'
import { frameSamplesOf, soundTimes } from './sample-times.ts'

/**
 * A player can show the beginning of a segment whose end has not arrived. Runs are cut by the frames alone, never by
 * what has arrived, so that the bytes are the same every time.
 */
const RUN_SECONDS = 0.5
/** No picture is decoded so many others before it is shown (ITU-T H.264 §A.3.1: 16 pictures are kept). */
const MOST_REORDERED = 16
/** A segment's runs are numbered on from its own number; more than these no segment has. */
const NUMBERS_A_SEGMENT = 4096

export type CutRuns = {
  /** In decode order. Gives the runs that are whole by now. */
  add(frames: readonly CodedFrame[]): Run[]
  /** All have been added. */
  end(): Run[]
}

/** `endSeconds`: when the next segment begins, where it is known. */
export function cutPictures(endSeconds: number | undefined, isClosed: boolean, index: number): CutRuns {
  const inUnits = (seconds: number) => Math.round(seconds * VIDEO_TIMESCALE)
  const number = numbersOf(index)
  let pending: Sample[] = []
  let [count, firstSeconds, lastSeconds] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  /** Where the search for the next cut goes on, and what is shown last before it. */
  let [at, shownLast] = [1, Number.NEGATIVE_INFINITY]
  /** When the run before was over: an odd order of pictures must not turn time back. */
  let over = Number.NEGATIVE_INFINITY
  const runOf = (samples: readonly Sample[], end: number): Run => {
    const decode = decodeTimes(samples).map((time, n) => Math.max(time, over + n))
    over = Math.max(end, (decode.at(-1) ?? 0) + 1)
    return { samples, decode, end: over, ...number() }
  }
  /** All that is shown before the cut is decoded before it. */
  const nextCut = (): { at: number; begins: number } | undefined => {
    for (; at + MOST_REORDERED <= pending.length; at++) {
      shownLast = Math.max(shownLast, pending[at - 1]?.presentation ?? 0)
      let begins = Number.POSITIVE_INFINITY
      for (let n = at; n < at + MOST_REORDERED; n++) begins = Math.min(begins, pending[n]?.presentation ?? begins)
      const isLong = begins - (pending[0]?.presentation ?? 0) >= RUN_SECONDS * VIDEO_TIMESCALE
      if (isLong && begins > shownLast) return { at, begins }
    }
    return undefined
  }
  return {
    add(frames) {
      for (const { data, isKey, seconds } of frames) {
        pending.push({ data, isKey, presentation: inUnits(seconds) })
        firstSeconds = Math.min(firstSeconds, seconds)
        lastSeconds = Math.max(lastSeconds, seconds)
        count++
      }
      const runs: Run[] = []
      for (let cut = nextCut(); cut; cut = nextCut()) {
        runs.push(runOf(pending.slice(0, cut.at), cut.begins))
        pending = pending.slice(cut.at)
        at = 1
        shownLast = Number.NEGATIVE_INFINITY
      }
      return runs
    },
    end() {
      if (pending.length === 0) return []
      // In an open group pictures of the next segment are shown before its keyframe: the usual step is a better guess.
      const step = count > 1 ? (lastSeconds - firstSeconds) / (count - 1) : 1 / 24
      const isKnown = endSeconds !== undefined && isClosed && endSeconds > lastSeconds
      return [runOf(pending.splice(0), inUnits(isKnown ? endSeconds : lastSeconds + step))]
    },
  }
}

/** `rate`: samples a second. Sound whose frames are not all equally long by its codec is one run: its times need all of it. */
export function cutSound(rate: number, codec: string, index: number): CutRuns {
  const frameSamples = frameSamplesOf(codec)
  const number = numbersOf(index)
  const pending: CodedFrame[] = []
  let over: number | undefined
  const runOf = (frames: readonly CodedFrame[]): Run => {
    const seconds = frames.map((frame) => frame.seconds)
    const { starts, end } = soundTimes(seconds, rate, frameSamples, over)
    over = end
    const samples = frames.map(({ data }, n) => ({ data, isKey: true, presentation: starts[n] ?? 0 }))
    return { samples, decode: decodeTimes(samples), end, ...number() }
  }
  return {
    add(frames) {
      const runs: Run[] = []
      for (const frame of frames) {
        const isLong = frame.seconds - (pending[0]?.seconds ?? frame.seconds) >= RUN_SECONDS
        if (isLong && frameSamples !== undefined) runs.push(runOf(pending.splice(0)))
        pending.push(frame)
      }
      return runs
    },
    end: () => (pending.length > 0 || over === undefined ? [runOf(pending.splice(0))] : []),
  }
}

function numbersOf(index: number): () => Pick<Run, 'sequenceNumber' | 'isFirst'> {
  let n = 0
  return () => ({ sequenceNumber: index * NUMBERS_A_SEGMENT + ++n, isFirst: n === 1 })
}
