/** The direct transport: node:http or node:https in front of the handler, with backpressure all the way. */
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { AppError } from '#protocol/errors.ts'
import type { HttpHandle } from '../http-exchange.ts'
import type { Log } from '../log.ts'
import { writeThrough } from '../write-through.ts'
import { inTurns } from './in-turns.ts'

export type TlsFiles = { cert: Uint8Array; key: Uint8Array }

export type HttpServer = {
  /** The port it listens on. */
  port: number
  /** Another certificate from the next handshake on; what runs, runs on. Only of one that was started with TLS. */
  renew(tls: TlsFiles): void
  close(): Promise<void>
}

/** Connections at once; a household has a handful. */
const MOST_CONNECTIONS = 512
/** What is on disk is there by then. */
const FIRST_BYTES_MILLISECONDS = 10
const options = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 65_000, maxHeaderSize: 16 * 1024 }

/** Resolves when it listens. Throws `conflict` with a plain sentence when the port is taken or not ours to use. */
export async function startHttpServer(
  handle: HttpHandle,
  where: { host: string; port: number; tls?: TlsFiles | undefined; portSetting?: string },
  log: Log,
): Promise<HttpServer> {
  const turn = inTurns()
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    answer(handle, request, response, turn()).catch((error) => {
      log.error('http_failed', error)
      response.destroy()
    })
  }
  const server = createServer(where.tls, onRequest)
  server.maxConnections = MOST_CONNECTIONS
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    else socket.destroy()
  })
  server.listen(where.port, where.host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw listenError(cause as NodeJS.ErrnoException, where)
  }
  server.on('error', (error) => log.error('http_failed', error))
  return {
    port: (server.address() as AddressInfo).port,
    renew({ cert, key }) {
      if (server instanceof HttpsServer) server.setSecureContext({ cert: Buffer.from(cert), key: Buffer.from(key) })
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function createServer(tls: TlsFiles | undefined, onRequest: (a: IncomingMessage, b: ServerResponse) => void): Server {
  if (!tls) return createHttpServer(options, onRequest)
  try {
    return createHttpsServer({ ...options, cert: Buffer.from(tls.cert), key: Buffer.from(tls.key) }, onRequest)
  } catch (cause) {
    const files = 'PORCHLIGHT_TLS_CERT_FILE and PORCHLIGHT_TLS_KEY_FILE'
    throw new AppError('invalid', `${files} do not hold a certificate and its key in PEM.`, { cause })
  }
}

function listenError(
  cause: NodeJS.ErrnoException,
  { host, port, portSetting = 'PORCHLIGHT_HTTP_PORT' }: { host: string; port: number; portSetting?: string },
): AppError {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use. Stop what uses it, or set ${portSetting} to another port.`,
    EACCES: `Port ${port} may not be used by this user. Set ${portSetting} to a port above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set PORCHLIGHT_HTTP_HOST to one, or to 0.0.0.0.`,
    ENOTFOUND: `${host} is not an address of this machine. Set PORCHLIGHT_HTTP_HOST to one, or to 0.0.0.0.`,
  }
  return new AppError('conflict', sentences[cause.code ?? ''] ?? `Cannot listen on ${host}:${port}.`, { cause })
}

async function answer(
  handle: HttpHandle,
  incoming: IncomingMessage,
  response: ServerResponse,
  turn: Promise<void> | undefined,
): Promise<void> {
  const left = new AbortController()
  response.once('close', () => {
    // Most responses close because all of it was sent.
    if (!response.writableFinished) left.abort(new AppError('timed_out', 'The viewer has left.'))
  })
  incoming.resume()
  if (turn) await turn
  const { status, headers, body, cut } = await handle({
    method: incoming.method ?? 'GET',
    path: (incoming.url ?? '/').split('?', 1)[0] ?? '/',
    headers: plainHeaders(incoming),
    signal: left.signal,
  })
  if (cut?.aborted) return void response.destroy()
  cut?.addEventListener('abort', () => response.destroy(), { once: true })
  // A body that ends early must not look like the next response on a kept connection.
  response.strictContentLength = true
  response.writeHead(status, headers)
  if (!body || incoming.method === 'HEAD') return void response.end()
  // The first byte of the film may be a while; that the film is there the player should know. What is on disk comes
  // with its headers in one write.
  const flushing = setTimeout(() => response.flushHeaders(), FIRST_BYTES_MILLISECONDS)
  try {
    for await (const bytes of body) {
      clearTimeout(flushing)
      if (left.signal.aborted) break
      await writeThrough(response, bytes)
    }
    response.end()
  } catch {
    // After the first byte there is no way to say why; the player sees a short answer and asks again. What was
    // written goes out before.
    setImmediate(() => response.destroy())
  } finally {
    clearTimeout(flushing)
  }
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
