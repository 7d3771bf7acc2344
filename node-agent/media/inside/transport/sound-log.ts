/** Where the sound of a moment stands in a transport stream: it is sent later than the pictures it belongs to, or earlier. */
import { beginsUnit, isBroken, PACKET_BYTES, payloadAt } from './packets.ts'
import { firstTicksOf, nearTo, readPesHead, TICKS_PER_SECOND } from './pes.ts'

/** Times are rounded on their way: what is this near to a cut is taken to be on both of its sides. */
const SLACK_TICKS = 0.01 * TICKS_PER_SECOND
/** Nothing lasts as long: where the next packet is further away, sound has ended, or not begun. */
const SILENT_TICKS = 10 * TICKS_PER_SECOND
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
  const [ticks, starts, ends]: [number[], number[], number[]] = [[], [], []]
  return {
    take(bytes, at, byte, nearTicks) {
      if (isBroken(bytes, at)) return true
      const told = beginsUnit(bytes, at)
        ? readPesHead(bytes.subarray(payloadAt(bytes, at), at + PACKET_BYTES))?.ticks
        : undefined
      const near = nearTicks ?? ticks.at(-1)
      const last = ticks.at(-1) ?? Number.NEGATIVE_INFINITY
      // What has no time of its own goes on with what has; two layers of one sound have the same.
      const now = told === undefined ? last : near === undefined ? firstTicksOf(told) : nearTo(near, told)
      if (now < last - TICKS_PER_SECOND || ticks.length >= MOST_UNITS) return false
      if (now > last) {
        ticks.push(now)
        starts.push(byte)
      }
      if (ticks.length > 0) ends[ticks.length - 1] = byte + PACKET_BYTES
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
        const isOver = (ticks[ending] ?? 0) < moment - SILENT_TICKS
        const isFarOff = (ticks[beginning] ?? Number.POSITIVE_INFINITY) > moment + SILENT_TICKS
        // A frame that begins before the moment may end in the packet after it.
        return {
          from: starts[isOver ? ending + 1 : ending] ?? sizeBytes,
          to: ends[isFarOff ? beginning - 1 : beginning] ?? 0,
        }
      })
    },
  }
}
