/** A message that bittorrent-protocol stumbles over ends the connection it came by, and not the agent. */
import Wire from 'bittorrent-protocol'

type Write = (this: object, data: Uint8Array, done: (error: Error | null) => void) => void

let isGuarded = false

/**
 * Parts of a message are taken on trust there: metadata asked for without the handshake of its extension, a piece of
 * metadata from beyond its end, a public key that is none; each throws out of the socket's own event, which ends the
 * process. For every wire from now on; once is enough.
 */
export function guardWires(): void {
  if (isGuarded) return
  isGuarded = true
  const prototype = Wire.prototype as unknown as { _write: Write }
  const write = prototype._write
  prototype._write = function (data, done) {
    try {
      write.call(this, data, done)
    } catch (error) {
      done(error as Error)
    }
  }
}
