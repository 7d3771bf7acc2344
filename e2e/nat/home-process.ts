/** The end at home, in its namespace: the agent's own peer connections over lines of JSON, and a film of pseudo-random bytes. */
import { createInterface } from 'node:readline'
import { createLog } from '../../node-agent/log.ts'
import { loadDataChannels } from '../../node-agent/p2p/data-channels.ts'
import { createPeers } from '../../node-agent/p2p/peers.ts'
import { pseudoRandomBytes } from '../../node-agent/testing/seeder.ts'

const film = pseudoRandomBytes(1_000_000)
const print = (line: object) => console.log(JSON.stringify(line))
const log = createLog((line) => console.log(line))
const peers = createPeers({
  make: await loadDataChannels(log),
  bindAddress: undefined,
  handle: async () => ({
    status: 200,
    headers: { 'content-length': String(film.length) },
    body: (async function* () {
      yield film
    })(),
  }),
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
print({ isReady: true })
