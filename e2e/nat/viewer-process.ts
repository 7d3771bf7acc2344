/** A viewer in the namespace of the screen: offers, takes the answer, and reads the film. Told which servers there are. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { nativeServers } from '../../node-agent/p2p/ice-servers.ts'
import { connectLaneViewer } from '../../node-agent/testing/lane-viewer.ts'

const told = createInterface({ input: process.stdin })
const print = (line: object) => console.log(JSON.stringify(line))
const next = async () => JSON.parse(String((await once(told, 'line'))[0]))

const { iceServers } = await next()
const viewer = await connectLaneViewer(
  async (offer) => {
    print({ offer })
    return (await next()).answer
  },
  { config: { iceServers: nativeServers(iceServers) } },
)
const film = await viewer.ask({ path: '/api/stream/t' }).all
print({ bytes: film.length, way: viewer.way() })
