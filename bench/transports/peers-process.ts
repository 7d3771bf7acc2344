/**
 * What ours is measured beside: a file that Node streams by itself, and a data channel with nothing on it but bytes, kept
 * as full as ours is. argv: the file. Sends its address; takes an offer and sends the answer.
 */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { type DataChannel, PeerConnection } from 'node-datachannel'

const path = process.argv[2] ?? ''
const { size } = statSync(path)
const HIGH_WATER_BYTES = 1024 * 1024
const message = new Uint8Array(64 * 1024)

const server = createServer((request, response) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  const range = from === undefined ? { start: 0, end: size - 1 } : { start: Number(from), end: Number(to) }
  const headers = { 'content-length': range.end - range.start + 1, 'access-control-allow-origin': '*' }
  response.writeHead(from === undefined ? 200 : 206, headers)
  pipeline(createReadStream(path, range), response, () => {})
})
server.listen(0, '127.0.0.1', () =>
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/film` }),
)

// Held here: what nobody holds is closed.
const held: { connection: PeerConnection; channel?: DataChannel }[] = []
process.on('message', ({ offer }: { offer: string }) => {
  const connection = new PeerConnection('bare', { iceServers: [], bindAddress: '127.0.0.1' })
  const one: (typeof held)[number] = { connection }
  held.push(one)
  connection.onDataChannel((channel) => {
    one.channel = channel
    channel.setBufferedAmountLowThreshold(HIGH_WATER_BYTES / 2)
    channel.onMessage((wanted) => {
      let left = Number(String(wanted))
      const fill = () => {
        while (left > 0 && channel.isOpen() && channel.bufferedAmount() < HIGH_WATER_BYTES) {
          channel.sendMessageBinary(message)
          left -= message.length
        }
      }
      channel.onBufferedAmountLow(fill)
      fill()
    })
  })
  connection.onGatheringStateChange((state) => {
    if (state === 'complete') process.send?.({ answer: connection.localDescription()?.sdp })
  })
  connection.setRemoteDescription(offer, 'offer')
})
