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

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
