/** Reads back what a segment says of its samples, for tests. */

export type ReadFragment = {
  /** In the track's timescale: where decoding begins, and where the next segment has to. */
  begin: number
  end: number
  samples: { duration: number; sizeBytes: number; isKey: boolean; presentation: number }[]
}

/** Of all its runs. Throws when one does not begin where the one before it ends, give or take `slack` units. */
export function readFragment(bytes: Uint8Array, slack = 0): ReadFragment {
  const runs = runsIn(bytes)
  const [first, last] = [runs[0], runs.at(-1)]
  if (!first || !last) throw new Error('no moof')
  for (const [n, { end }] of runs.slice(0, -1).entries()) {
    const next = runs[n + 1]?.begin ?? end
    if (Math.abs(next - end) > slack) throw new Error(`a run ends at ${end}, the next begins at ${next}`)
  }
  return { begin: first.begin, end: last.end, samples: runs.flatMap(({ samples }) => samples) }
}

/** Each `moof` with the `mdat` after it. */
export function runsIn(bytes: Uint8Array): ReadFragment[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const runs: ReadFragment[] = []
  for (let at = 0; at < buffer.length; at += buffer.readUInt32BE(at)) {
    const size = buffer.readUInt32BE(at)
    if (buffer.toString('latin1', at + 4, at + 8) === 'moof') runs.push(readRun(buffer.subarray(at, at + size)))
  }
  return runs
}

function readRun(buffer: Buffer): ReadFragment {
  const tfdt = buffer.indexOf('tfdt') + 4
  const begin = Number(buffer.readBigUInt64BE(tfdt + 4))
  const trun = buffer.indexOf('trun') + 4
  const count = buffer.readUInt32BE(trun + 4)
  let end = begin
  const samples = Array.from({ length: count }, (_, n) => {
    const at = trun + 12 + n * 16
    const duration = buffer.readUInt32BE(at)
    const presentation = end + buffer.readInt32BE(at + 12)
    end += duration
    const isKey = (buffer.readUInt32BE(at + 8) & 0x10000) === 0
    return { duration, sizeBytes: buffer.readUInt32BE(at + 4), isKey, presentation }
  })
  return { begin, end, samples }
}

/** Of the only track of an init segment. */
export function readTimescale(init: Uint8Array): number {
  const buffer = Buffer.from(init)
  const mdhd = buffer.indexOf('mdhd') + 4
  return buffer.readUInt32BE(mdhd + (buffer[mdhd] === 1 ? 20 : 12))
}
