/** Which ports are free, said in words when one is not. */
import { createServer } from 'node:net'
import { PlainError } from './plain-error.ts'

/** True when this process could listen there now. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Throws a plain error that says which option to use when the port is taken. */
export async function needPort(port: number, host: string, what: string): Promise<void> {
  if (await isPortFree(port, host)) return
  throw new PlainError(
    `Port ${port} is taken by another program, and ${what} needs it.\n` +
      `Stop that program, or choose another port: npm start -- --port ${port === 8787 || port === 8788 ? 9000 : 8787}`,
  )
}

/** Below what systems hand out for outgoing connections (32768 up on Linux): such a port could be taken a moment later. */
const [lowest, highest] = [20_000, 32_000]

/** A port that nobody listens on now, and that no outgoing connection will be given before we listen. */
export async function freePort(random: () => number = Math.random): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = lowest + Math.floor(random() * (highest - lowest))
    if (await isPortFree(port, '0.0.0.0')) return port
  }
  throw new PlainError(`No free port was found between ${lowest} and ${highest}.`)
}
