/** The door itself: ports, certificates, and clients that do not speak HTTP. */
import { once } from 'node:events'
import { request as httpsRequest } from 'node:https'
import { connect, createServer } from 'node:net'
import type { TLSSocket } from 'node:tls'
import selfsigned from 'selfsigned'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { HttpHandle, HttpResponse } from '../http-exchange.ts'
import { createLog } from '../log.ts'
import { ask } from '../testing/test-home.ts'
import { startHttpServer, type TlsFiles } from './server.ts'

const log = createLog(() => {})
async function start(handle: HttpHandle, where: { host?: string; port?: number; tls?: TlsFiles } = {}) {
  const server = await startHttpServer(handle, { host: '127.0.0.1', port: 0, ...where }, log)
  onTestFinished(() => server.close())
  return server
}
const hello = async (): Promise<HttpResponse> => ({
  status: 200,
  headers: { 'content-length': '5' },
  body: (async function* () {
    yield Buffer.from('hello')
  })(),
})

describe('startHttpServer', () => {
  it('says plainly that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as { port: number }
    await expect(start(hello, { port })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`Port ${port} is in use`),
    })
  })

  it('says plainly that a host is not this machine', async () => {
    await expect(start(hello, { host: '192.0.2.1' })).rejects.toThrow('PORCHLIGHT_HTTP_HOST')
  })

  it('speaks HTTPS with a certificate, and says plainly when that is none', async () => {
    const pems = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }])
    const { port } = await start(hello, { tls: { cert: Buffer.from(pems.cert), key: Buffer.from(pems.private) } })
    const request = httpsRequest({ port, host: '127.0.0.1', rejectUnauthorized: false }).end()
    const [response] = await once(request, 'response')
    expect(Buffer.concat(await response.toArray()).toString()).toBe('hello')
    const bad = { cert: Buffer.from('x'), key: Buffer.from('y') }
    await expect(start(hello, { tls: bad })).rejects.toThrow('PORCHLIGHT_TLS_CERT_FILE')
  })

  it('takes another certificate while a film runs on under the first', async () => {
    const made = async (name: string) => {
      const { cert, private: key } = await selfsigned.generate([{ name: 'commonName', value: name }])
      return { cert: Buffer.from(cert), key: Buffer.from(key) }
    }
    const rest = Promise.withResolvers<void>()
    const film = async (): Promise<HttpResponse> => ({
      status: 200,
      headers: { 'content-length': '10' },
      body: (async function* () {
        yield Buffer.from('first')
        await rest.promise
        yield Buffer.from('other')
      })(),
    })
    const server = await start(film, { tls: await made('before') })
    const get = async () => {
      const request = httpsRequest({
        port: server.port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        agent: false,
      }).end()
      const [response] = await once(request, 'response')
      return { name: (request.socket as TLSSocket).getPeerCertificate().subject.CN, response }
    }
    const before = await get()
    server.renew(await made('after'))
    const after = await get()
    expect([before.name, after.name]).toEqual(['before', 'after'])
    rest.resolve()
    const bodies = [before, after].map(async ({ response }) => Buffer.concat(await response.toArray()).toString())
    expect(await Promise.all(bodies)).toEqual(['firstother', 'firstother'])
  })

  it('does not pass a body that broke off for a whole one', async () => {
    const broken = async (): Promise<HttpResponse> => ({
      status: 200,
      headers: { 'content-length': '10' },
      body: (async function* () {
        yield Buffer.from('hello')
        throw new Error('disk')
      })(),
    })
    const short = async (): Promise<HttpResponse> => ({ ...(await hello()), headers: { 'content-length': '10' } })
    for (const handle of [broken, short]) {
      const { port } = await start(handle)
      const answer = await ask(port, '/')
      expect(answer.isWhole).toBe(false)
      expect(answer.body.toString()).toBe('hello')
    }
  })

  it('closes on what is not HTTP, and lives on', async () => {
    const { port } = await start(hello)
    for (const text of ['\x16\x03\x01hello', 'GET\r\n\r\n', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.resume()
      socket.write(text)
      await once(socket, 'close')
    }
    expect((await ask(port, '/')).status).toBe(200)
  })

  it('tells the handler when the client has gone', async () => {
    const gone = Promise.withResolvers<unknown>()
    const { port } = await start(async ({ signal }) => {
      signal.addEventListener('abort', () => gone.resolve(signal.reason))
      return new Promise(() => {})
    })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect(await gone.promise).toMatchObject({ code: 'timed_out' })
  })

  it('answers nothing and lives on when the handler throws', async () => {
    let isFirst = true
    const { port } = await start(async () => {
      if (!isFirst) return hello()
      isFirst = false
      throw new Error('bug')
    })
    await expect(ask(port, '/')).rejects.toThrow()
    expect((await ask(port, '/')).status).toBe(200)
  })
})
