/** The viewers, in a process of their own: plain sockets that take bytes as fast as they come and keep none. */
import { connect } from 'node:net'

export type Fetch = { url: string; range?: string | undefined }
export type Fetched = { bytes: number; firstByteMs: number }
export type Answer = { seconds: number; each: Fetched[] } | { error: string }

/** As large as a socket's receive buffer gets: fewer calls, and less of the measured machine's time. */
const BUFFER_BYTES = 256 * 1024
const decoder = new TextDecoder('latin1')

/** One GET on a connection of its own; resolves at the last byte that was announced. */
function get({ url, range }: Fetch): Promise<Fetched> {
  const { hostname, port, pathname } = new URL(url)
  const headers = [
    `GET ${pathname} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(range ? [`Range: ${range}`] : []),
  ]
  return new Promise((resolve, reject) => {
    let head = ''
    let left = -1
    let bytes = 0
    let firstByteMs = 0
    const take = (length: number) => {
      if (length > 0 && bytes === 0) firstByteMs = performance.now() - askedAt
      bytes += length
      left -= length
      if (left > 0) return
      socket.destroy()
      resolve({ bytes, firstByteMs })
    }
    const onHead = (chunk: Uint8Array) => {
      const before = head.length
      head += decoder.decode(chunk)
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = /^HTTP\/1\.1 20[06] [\s\S]*?\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]
      if (length === undefined) {
        socket.destroy(new Error(`not a film: ${head.slice(0, 200)}`))
        return
      }
      left = Number(length)
      take(chunk.length - (end + 4 - before))
    }
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER_BYTES),
        callback(size, buffer) {
          if (left < 0) onHead(buffer.subarray(0, size))
          else take(size)
          return true
        },
      },
    })
    const askedAt = performance.now()
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`the answer ended early, after ${bytes} bytes`)))
    socket.write(`${headers.join('\r\n')}\r\n\r\n`)
  })
}

process.on('message', async (fetches: Fetch[]) => {
  const begunAt = performance.now()
  const answer: Answer = await Promise.all(fetches.map(get)).then(
    (each) => ({ seconds: (performance.now() - begunAt) / 1000, each }),
    (error: Error) => ({ error: error.message }),
  )
  process.send?.(answer)
})
