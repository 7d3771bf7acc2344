/** A door in the middle: whoever calls at its port speaks to what listens at a socket of the file system, in another network. */
import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

const [path = '', address, port] = process.argv.slice(2)
createServer((caller) => {
  const there = connect(path)
  pipeline(caller, there, caller, () => undefined)
}).listen({ host: address, port: Number(port) }, () => console.log(JSON.stringify({ isReady: true })))
