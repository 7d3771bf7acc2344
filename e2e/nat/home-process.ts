/** The end at home, in its namespace: the agent's own peer connections over lines of JSON, and a film of pseudo-random bytes. */
import { createInterface } from 'node:readline'
import { createLog } from '../../node-agent/log.ts'
import { loadDataChannels } from '../../node-agent/p2p/data-channels.ts'
import { createPeers } from '../../node-agent/p2p/peers.ts'
import { pseudoRandomBytes } from '../../node-agent/testing/seeder.ts'
import { createChecksum } from './checksum.ts'

const PIECE_BYTES = 64 * 1024
const film = pseudoRandomBytes(Number(process.argv[2]))
const checksum = createChecksum()
checksum.add(film)
const print = (line: object) => console.log(JSON.stringify(line))
const log = createLog((line) => console.log(line))
const peers = createPeers({
  make: await loadDataChannels(log),
  bindAddress: undefined,
  async handle({ headers }) {
    const [, from, to] = /^bytes=(\d+)-(\d+)?$/.exec(headers.range ?? '') ?? []
    const [start, end] = [Number(from ?? 0), Number(to ?? film.length - 1)]
    async function* body() {
      for (let at = start; at <= end; at += PIECE_BYTES) yield film.subarray(at, Math.min(at + PIECE_BYTES, end + 1))
    }
    return {
      status: from === undefined ? 200 : 206,
      headers: {
        'content-length': String(end + 1 - start),
        ...(from !== undefined && { 'content-range': `bytes ${start}-${end}/${film.length}` }),
        'accept-ranges': 'bytes',
        etag: '"film"',
      },
      body: body(),
    }
  },
  log,
})
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { question, request } = JSON.parse(line)
  try {
    const answer = request.kind === 'p2p-open' ? await peers.open(request, 'correlation-1') : peers.exchange(request)
    print({ question, answer })
  } catch (error) {
    print({ question, problem: String(error) })
  }
})
print({ isReady: true, checksum: checksum.value() })
