/** Writes bytes to a stream and waits until they have left this process: backpressure that never holds two chunks. */
import type { Writable } from 'node:stream'

/** Resolves when the system has taken the bytes, or when the stream has closed (its reader tells why by itself). */
export function writeThrough(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('close', done)
      resolve()
    }
    stream.once('close', done)
    if (stream.destroyed) done()
    else stream.write(bytes, done)
  })
}
