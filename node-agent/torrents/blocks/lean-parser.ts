/** Takes messages off a wire without copying every byte twice, as bittorrent-protocol's own buffering does. */
import type { SwarmWire } from './swarm-surface.ts'

/**
 * No message is longer: a web seed's run of blocks is the longest that we ask for, and a bitfield of this length would
 * tell of millions of pieces. bittorrent-protocol knows no bound and would buffer what a hostile peer announces.
 */
const LONGEST_MESSAGE_BYTES = 2 * 1024 * 1024

/**
 * What a peer leaves lying of what we say. Blocks end well below (`swarm/limit-requests.ts`); other messages ask for
 * answers too, 16 KiB of metadata with every 40 bytes (BEP 9), and nothing in bittorrent-protocol counts those.
 */
const MOST_UNSENT_BYTES = 24 * 1024 * 1024

/** BEP 3: a block, with its nine bytes of where it belongs. */
const PIECE_MESSAGE = 7
const SCRATCH_BYTES = 16 * 1024 + 9

/**
 * Puts another `_write` over the wire's: the original joins all that is buffered with every chunk that comes, a third
 * of the CPU at full speed; this one joins only the message that stands across two chunks. What a message means stays
 * with the wire: its `_parser` is called with exactly `_parserSize` bytes, as before. A message that somebody stumbles over ends its wire (`guard-wires.ts`)
 * and is told to `onStumbled`. Tells when bytes last came.
 */
export function parseLean(
  wire: SwarmWire,
  now: () => number = () => performance.now(),
  onStumbled: (error: Error) => void = () => {},
): () => number {
  let lastByteAtMs = now()
  const original = wire._write
  const chunks: Uint8Array[] = []
  let bufferedBytes = 0

  /** The block that stands across two chunks: taken at once by who listens, so its memory is used again. */
  let scratch: Uint8Array | undefined
  const roomFor = (length: number, first: Uint8Array): Uint8Array => {
    if (first[0] !== PIECE_MESSAGE || length > SCRATCH_BYTES) return Buffer.allocUnsafe(length)
    scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES)
    return scratch.subarray(0, length)
  }

  const take = (length: number): Uint8Array => {
    const first = chunks[0] ?? new Uint8Array()
    bufferedBytes -= length
    if (first.length > length) {
      chunks[0] = first.subarray(length)
      return first.subarray(0, length)
    }
    if (first.length === length) {
      chunks.shift()
      return first
    }
    const whole = roomFor(length, first)
    let filled = 0
    while (filled < length) {
      const chunk = chunks[0] ?? new Uint8Array()
      const part = Math.min(chunk.length, length - filled)
      whole.set(part === chunk.length ? chunk : chunk.subarray(0, part), filled)
      filled += part
      if (part === chunk.length) chunks.shift()
      else chunks[0] = chunk.subarray(part)
    }
    return whole
  }

  const parse = (data: Uint8Array) => {
    for (const rest of wire._buffer.splice(0)) {
      chunks.push(rest)
      bufferedBytes += rest.length
    }
    wire._bufferSize = 0
    const chunk = wire._encryptor ? wire._encryptor.decrypt(data) : data
    chunks.push(chunk)
    bufferedBytes += chunk.length
    while (bufferedBytes >= wire._parserSize) wire._parser(take(wire._parserSize))
    if (wire._parserSize > LONGEST_MESSAGE_BYTES || wire._readableState.buffered > MOST_UNSENT_BYTES) {
      chunks.length = 0
      bufferedBytes = 0
      wire.destroy()
    }
  }

  wire._write = (data, done) => {
    lastByteAtMs = now()
    // While an encrypted connection is still being agreed on the wire looks for patterns; that is left to it.
    if (wire._cryptoSyncPattern || wire._pePending) {
      original.call(wire, data, done)
      return
    }
    try {
      parse(data)
    } catch (error) {
      chunks.length = 0
      bufferedBytes = 0
      onStumbled(error as Error)
      done(error as Error)
      return
    }
    done(null)
  }
  return () => lastByteAtMs
}
