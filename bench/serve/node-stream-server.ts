/** What Node does by itself: `createReadStream` piped into the response. argv: the file. Sends its addresses. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

const path = process.argv[2] ?? ''
const { size } = statSync(path)
const server = createServer((request, response) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const range = from === undefined ? { start: 0, end: size - 1 } : { start: Number(from), end: Number(to) }
  response.writeHead(from === undefined ? 200 : 206, { 'content-length': range.end - range.start + 1 })
  pipeline(createReadStream(path, range), response, () => {})
})
server.listen(0, '127.0.0.1', () => {
  process.send?.([`http://127.0.0.1:${(server.address() as AddressInfo).port}/film`])
})
