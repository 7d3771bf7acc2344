/** Takes messages off a wire without copying every byte twice, as bittorrent-protocol's own buffering does. */
import type { SwarmWire } from './swarm-surface.ts'

/**
 * No message is longer: a web seed's run of blocks is the longest that we ask for, and a bitfield of this length would
 * tell of millions of pieces. bittorrent-protocol knows no bound and would buffer what a hostile peer announces.
 */
export const LONGEST_MESSAGE_BYTES = 2 * 1024 * 1024

/**
 * What a peer leaves lying of what we say. Blocks end well below (`swarm/limit-requests.ts`); other messages ask for
 * answers too, 16 KiB of metadata with every 40 bytes (BEP 9), and nothing in bittorrent-protocol counts those.
 */
const MOST_UNSENT_BYTES = 24 * 1024 * 1024

/** BEP 3: a block, with its nine bytes of where it belongs. */
const PIECE_MESSAGE = 7
const BLOCK_MESSAGE_BYTES = 16 * 1024 + 9

const NOTHING = Buffer.alloc(0)

/**
 * Puts another `_write` over the wire's: the original joins all that is buffered with every chunk that comes, a third
 * of the CPU at full speed; this one joins only the message that stands across two chunks. What a message means stays
 * with the wire: its `_parser` is called with exactly `_parserSize` bytes, as before. A message that somebody stumbles
 * over ends its wire (`guard-wires.ts`) and is told to `onStumbled`. Tells when bytes last came.
 *
 * Nothing is kept of the chunks it is given, so whoever reads may read into the same memory again (`read-sockets.ts`).
 * The bytes of a block are good only while 'piece' is being emitted.
 */
export function parseLean(
  wire: SwarmWire,
  now: () => number = () => performance.now(),
  onStumbled: (error: Error) => void = () => {},
): () => number {
  let lastByteAtMs = now()
  const original = wire._write
  /** The message that stands across two chunks: what has come of it. Its memory is used again. */
  let begun = NOTHING
  let begunBytes = 0

  const give = (message: Uint8Array) => {
    // A length is read and a block is taken at once; anything else may be kept by whoever listens.
    const isTakenAtOnce = wire._parser === wire._onMessageLength || message[0] === PIECE_MESSAGE
    wire._parser(isTakenAtOnce ? message : Uint8Array.from(message))
  }

  const keep = (bytes: Uint8Array) => {
    const neededBytes = begunBytes + bytes.length
    if (begun.length < neededBytes) {
      // Twice as much each time, but not what a peer merely announces.
      const larger = Buffer.allocUnsafeSlow(Math.max(BLOCK_MESSAGE_BYTES, 2 * neededBytes))
      larger.set(begun.subarray(0, begunBytes))
      begun = larger
    }
    begun.set(bytes, begunBytes)
    begunBytes = neededBytes
  }

  const forget = () => {
    begunBytes = 0
    if (begun.length > BLOCK_MESSAGE_BYTES) begun = NOTHING
  }

  const parse = (bytes: Uint8Array) => {
    let at = 0
    while (wire._parserSize <= LONGEST_MESSAGE_BYTES) {
      const size = wire._parserSize
      const until = at + size - begunBytes
      if (until > bytes.length) break
      if (begunBytes === 0) give(bytes.subarray(at, until))
      else {
        keep(bytes.subarray(at, until))
        const message = begun.subarray(0, size)
        forget()
        give(message)
      }
      at = until
    }
    if (wire._parserSize > LONGEST_MESSAGE_BYTES || wire._readableState.buffered > MOST_UNSENT_BYTES) {
      forget()
      wire.destroy()
    } else keep(bytes.subarray(at))
  }

  /** What the original had begun comes first. */
  const withLeftOver = (bytes: Uint8Array) => {
    if (wire._buffer.length === 0) return bytes
    wire._bufferSize = 0
    return Buffer.concat([...wire._buffer.splice(0), bytes])
  }

  wire._write = (data, done) => {
    lastByteAtMs = now()
    // While an encrypted connection is still being agreed on the wire looks for patterns; that is left to it.
    if (wire._cryptoSyncPattern || wire._pePending) {
      original.call(wire, Uint8Array.from(data), done)
      return
    }
    try {
      parse(withLeftOver(wire._encryptor ? wire._encryptor.decrypt(data) : data))
    } catch (error) {
      forget()
      onStumbled(error as Error)
      done(error as Error)
      return
    }
    done(null)
  }
  return () => lastByteAtMs
}
