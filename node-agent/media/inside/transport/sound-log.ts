/** Where the sound of a moment stands in a transport stream: it is sent later than the pictures it belongs to, or earlier. */
import { beginsUnit, isBroken, PACKET_BYTES, payloadAt } from './packets.ts'
import { firstTicksOf, nearTo, readPesHead, TICKS_PER_SECOND } from './pes.ts'

/** Times are rounded on their way: what is this near to a cut is taken to be on both of its sides. */
const SLACK_TICKS = 0.01 * TICKS_PER_SECOND
/** Some hours of the smallest packets there are. */
const MOST_UNITS = 4_000_000

export type SoundLog = {
  /** As of pictures. `nearTicks`: undefined before the first picture. */
  take(bytes: Uint8Array, at: number, byte: number, nearTicks: number | undefined): boolean
  firstTicks(): number | undefined
  /** When its last packet is over, as far as the one before tells. */
  endTicks(): number | undefined
  /** For each moment (ascending): before which byte nothing later begins, and by which all that is earlier has ended. */
  placesOf(moments: readonly number[], sizeBytes: number): { from: number; to: number }[]
}

export function createSoundLog(): SoundLog {
  const [ticks, starts]: [number[], number[]] = [[], []]
  return {
    take(bytes, at, byte, nearTicks) {
      if (isBroken(bytes, at) || !beginsUnit(bytes, at)) return true
      const told = readPesHead(bytes.subarray(payloadAt(bytes, at), at + PACKET_BYTES))?.ticks
      if (told === undefined) return true
      const near = nearTicks ?? ticks.at(-1)
      const now = near === undefined ? firstTicksOf(told) : nearTo(near, told)
      const last = ticks.at(-1) ?? Number.NEGATIVE_INFINITY
      if (now < last - TICKS_PER_SECOND || ticks.length >= MOST_UNITS) return false
      // Two layers of one sound have the same time.
      if (now <= last) return true
      ticks.push(now)
      starts.push(byte)
      return true
    },
    firstTicks: () => ticks[0],
    endTicks() {
      const [last, before] = [ticks.at(-1), ticks.at(-2)]
      return last === undefined
        ? undefined
        : last + (before === undefined ? 0 : Math.min(last - before, TICKS_PER_SECOND))
    },
    placesOf(moments, sizeBytes) {
      let [ending, beginning] = [0, 0]
      return moments.map((moment) => {
        while (ending + 1 < ticks.length && (ticks[ending + 1] ?? 0) <= moment - SLACK_TICKS) ending++
        while (beginning < ticks.length && (ticks[beginning] ?? 0) < moment + SLACK_TICKS) beginning++
        return { from: starts[ending] ?? sizeBytes, to: starts[beginning] ?? sizeBytes }
      })
    },
  }
}
