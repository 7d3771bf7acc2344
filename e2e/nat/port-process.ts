/** An agent's port at home, and the room that has the router open it: told to tend and to close, says where the world calls. */
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { createPortMapping } from '../../node-agent/gateway/port-mapping.ts'
import { waysToMap } from '../../node-agent/gateway/ways-to-map.ts'
import { createLog } from '../../node-agent/log.ts'

const PORT = 8789
const print = (line: object) => console.log(JSON.stringify(line))
// Each time it is told to tend, the rest after a failure is over.
let now = 0
const mapping = createPortMapping(
  waysToMap(),
  () => now,
  createLog(() => {}),
)
createServer((_request, response) => void response.end('the porch')).listen(PORT, () => print({ isReady: true }))
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { isOver } = JSON.parse(line)
  now += 700
  if (isOver) await mapping.close()
  else await mapping.tend(PORT)
  print({ isOver, outside: mapping.outside() ?? null })
})
