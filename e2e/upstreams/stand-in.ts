/** A stand-in for a service on the internet: a plain HTTP server whose routes answer with shapes recorded from the real one. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** A JSON object or a form, whichever was sent. */
  body: Record<string, unknown>
}
export type Answer = {
  status: number
  json?: unknown
  headers?: Record<string, string>
  text?: string
  bytes?: Uint8Array
}
export type StandIn = { origin: string; close: () => Promise<void> }

/**
 * Something that goes wrong on purpose: the next `times` requests whose path begins with `path` are answered so.
 * `hangs` never answers; a `location` redirects; `headers` go along (`retry-after`).
 */
type Fault = {
  path: string
  times: number
  status?: number
  hangs?: boolean
  text?: string
  location?: string
  headers?: Record<string, string>
}

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  json: value,
  headers,
})
export const redirect = (to: URL | string): Answer => ({ status: 302, headers: { location: String(to) } })
export const newSecret = (bytes = 20): string => randomBytes(bytes).toString('hex')

/**
 * Listens on a free loopback port. `POST /stand-in/faults` orders a fault from a test that runs in another process;
 * every stand-in has further orders of its own below `/stand-in/`.
 */
export async function startStandIn(
  answer: (asked: Asked, origin: string) => Answer | Promise<Answer>,
): Promise<StandIn> {
  const faults: Fault[] = []
  let origin = ''
  const server = createServer((request, response) => {
    reply(request, response).catch((error) => send(response, json(500, { stand_in: String(error) })))
  })
  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = await read(request)
    if (asked.path === '/stand-in/faults') {
      faults.push(asked.body as Fault)
      return send(response, { status: 204 })
    }
    const fault = faults.find(({ path, times }) => times > 0 && asked.path.startsWith(path))
    if (fault === undefined) return send(response, await answer(asked, origin))
    fault.times--
    if (fault.hangs) return
    send(response, {
      status: fault.status ?? 500,
      text: fault.text ?? '<html>We had issues producing the response to your request.</html>',
      headers: { ...fault.headers, ...(fault.location && { location: fault.location }) },
    })
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const text = Buffer.concat(chunks).toString()
  const isJson = request.headers['content-type']?.includes('json') === true
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: text === '' ? {} : isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text)),
  }
}

function send(response: ServerResponse, { status, json: value, headers, text, bytes }: Answer): void {
  const body = value === undefined ? (bytes ?? text ?? '') : JSON.stringify(value)
  response.writeHead(status, {
    ...(value !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
  })
  response.end(body)
}
