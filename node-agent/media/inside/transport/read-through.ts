/** The index that a transport stream does not have, made by reading all of it once. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Keyframes } from '../../../state/probe.ts'
import type { NalCodec } from '../keyframe-kind.ts'
import type { FilmReader } from '../matroska-keyframes.ts'
import { isSync, type Layout, PACKET_BYTES, pidAt } from './packets.ts'
import { TICKS_PER_SECOND } from './pes.ts'
import { createPictureLog, type KeyPicture, type PictureLog } from './picture-log.ts'
import { createSoundLog, type SoundLog } from './sound-log.ts'

/** Read at once; others have their turn between. */
const PACKETS_AT_ONCE = 8192
/** IDRs that are further apart are no place to cut. */
const IDRS_APART_TICKS = 15 * TICKS_PER_SECOND

/** Times are the file's own seconds. */
export type TransportIndex = {
  keyframes: Keyframes
  startSeconds: number
  endSeconds: number
  framesPerSecond: number | undefined
}

/**
 * Undefined when pictures cannot be copied out of it: not one a packet, without times, in fields, scrambled, changing
 * their size on the way, or jumping back in time; such a film is made anew. Rejects when reading does.
 */
export async function readThrough(
  film: Pick<FilmReader, 'sizeBytes' | 'read'>,
  layout: Layout,
  video: { pid: number; codec: NalCodec },
  soundPids: readonly number[],
): Promise<TransportIndex | undefined> {
  const pictures = createPictureLog(video.codec)
  const sounds = new Map(soundPids.map((pid) => [pid, createSoundLog()]))
  const { firstByte, strideBytes } = layout
  const step = PACKETS_AT_ONCE * strideBytes
  for (let from = firstByte; from + PACKET_BYTES <= film.sizeBytes; from += step) {
    const bytes = await film.read(from, Math.min(film.sizeBytes, from + step))
    for (let at = 0; at + PACKET_BYTES <= bytes.length; at += strideBytes) {
      if (!isSync(bytes, at)) return undefined
      const pid = pidAt(bytes, at)
      const isGood =
        pid === video.pid
          ? pictures.take(bytes, at, from + at)
          : (sounds.get(pid)?.take(bytes, at, from + at, pictures.nearTicks()) ?? true)
      if (!isGood) return undefined
    }
    await nextTurn()
  }
  return assemble(pictures, [...sounds.values()], film.sizeBytes)
}

function assemble(pictures: PictureLog, sounds: readonly SoundLog[], sizeBytes: number): TransportIndex | undefined {
  const [first] = pictures.keys
  if (!first) return undefined
  const { cuts, isClosed } = cutsOf(pictures.keys, pictures.lastTicks())
  const moments = cuts.map(({ ticks }) => ticks)
  const each = sounds.map((sound) => sound.placesOf(moments, sizeBytes))
  const heard = sounds.flatMap((sound) => sound.firstTicks() ?? [])
  const ended = sounds.flatMap((sound) => sound.endTicks() ?? [])
  const framesPerSecond = rateOf(pictures.firstTicks)
  const lastPicture = pictures.lastTicks() + (framesPerSecond ? TICKS_PER_SECOND / framesPerSecond : 0)
  return {
    keyframes: {
      timesSeconds: moments.map((ticks) => ticks / TICKS_PER_SECOND),
      isClosed,
      places: cuts.map(({ byte }, n) => ({
        pictureByte: byte,
        fromByte: Math.min(byte, ...each.map((places) => places[n]?.from ?? byte)),
        toByte: Math.max(byte, ...each.map((places) => places[n]?.to ?? byte)),
      })),
    },
    startSeconds: Math.min(first.ticks, ...heard) / TICKS_PER_SECOND,
    endSeconds: Math.max(lastPicture, ...ended) / TICKS_PER_SECOND,
    framesPerSecond,
  }
}

/** Where all are IDRs, or enough of them, these alone; else every place that decoding can begin at, and `isClosed` says so. */
function cutsOf(keys: readonly KeyPicture[], lastTicks: number): { cuts: readonly KeyPicture[]; isClosed: boolean } {
  const idrs = keys.filter(({ isIdr }, n) => n === 0 || isIdr)
  const isDense = idrs.every(({ ticks }, n) => (idrs[n + 1]?.ticks ?? lastTicks) - ticks <= IDRS_APART_TICKS)
  const isClosed = isDense && (keys[0]?.isIdr ?? false)
  return isClosed ? { cuts: idrs, isClosed } : { cuts: keys, isClosed: keys.every(({ isIdr }) => isIdr) }
}

/** By the usual step: what is missing between two pictures makes no film slower. */
function rateOf(ticks: readonly number[]): number | undefined {
  const shown = [...ticks].sort((a, b) => a - b)
  const steps = shown.slice(1).map((tick, n) => tick - (shown[n] ?? 0))
  const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]
  return usual && usual > 0 ? Math.round((TICKS_PER_SECOND / usual) * 1000) / 1000 : undefined
}
