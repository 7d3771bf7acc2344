/** The demo's tracker, a process of its own: tells the agent where the two seeders are (BEP 3, BEP 23). */
import Server from 'bittorrent-tracker/server'
import { endWithParent } from './end-with-parent.ts'

const port = Number(process.argv[2])
const server = new Server({ http: true, udp: false, ws: false, stats: false, interval: 30_000 })
server.on('error', (error: Error) => {
  console.error(error.message)
  process.exit(1)
})
// A client that speaks nonsense is answered by the tracker itself; it is nobody's failure.
server.on('warning', (warning: Error) => console.error(warning.message))
server.listen(port, '127.0.0.1', () => console.log(`tracker on 127.0.0.1:${port}`))
endWithParent()
