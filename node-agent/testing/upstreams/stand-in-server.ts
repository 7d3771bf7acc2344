/** A plain HTTP server on this machine in the place of an index on the internet; it remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export type StandInServer = {
  origin: string
  /** Path and query of each request, in order. */
  asked: string[]
}

/** Ends with the test that started it. */
export async function startStandInServer(
  answer: (url: URL, response: ServerResponse, request: IncomingMessage) => void,
): Promise<StandInServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(new URL(request.url ?? '/', 'http://stand-in'), response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

export function sendText(response: ServerResponse, text: string | Buffer, type = 'text/html', status = 200): void {
  response.writeHead(status, { 'content-type': type })
  response.end(text)
}

/** Goes on for as long as somebody reads. */
export function sendWithoutEnd(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(64 * 1024, '[')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}
