/** A message that bittorrent-protocol stumbles over, or that has no end, ends the connection it came by, not the agent. */
import Wire from 'bittorrent-protocol'
import { LONGEST_MESSAGE_BYTES } from '../blocks/lean-parser.ts'

type Done = (error: Error | null) => void
/** What it waits for, and what has come of that. */
type Reading = { _parserSize: number; _bufferSize: number }
type Write = (this: Reading, data: Uint8Array, done: Done) => void

let isGuarded = false

/**
 * Parts of a message are taken on trust there: metadata asked for without the handshake of its extension, a piece of
 * metadata from beyond its end, a public key that is none; each throws out of the socket's own event, which ends the
 * process. And a message is kept until its announced end has come, be it half a gigabyte away: the lean parser knows a
 * bound, but takes over only when the film is known, which for a magnet link can take minutes. For every wire from now
 * on; once is enough.
 */
export function guardWires(): void {
  if (isGuarded) return
  isGuarded = true
  const prototype = Wire.prototype as unknown as { _write: Write }
  const write = prototype._write
  prototype._write = function (data, done) {
    try {
      write.call(this, data, (error) => done(error ?? tooLong(this)))
    } catch (error) {
      done(error as Error)
    }
  }
}

const tooLong = ({ _parserSize, _bufferSize }: Reading) =>
  Math.max(_parserSize, _bufferSize) > LONGEST_MESSAGE_BYTES ? new Error('a message without an end') : null
