/** Stand-ins on loopback for those who say where we come from: NordVPN's insights, and echo services. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answering = (request: IncomingMessage, response: ServerResponse) => void
export type VpnService = {
  url: string
  /** How it answers from now on. */
  answer(now: Answering): void
  /** How often it was asked, and from which addresses. */
  askedFrom: string[]
  stop(): Promise<void>
}

export async function startVpnService(first: Answering, host = '127.0.0.1', port = 0): Promise<VpnService> {
  let answering = first
  const askedFrom: string[] = []
  const server = createServer((request, response) => {
    askedFrom.push(request.socket.remoteAddress ?? '')
    answering(request, response)
  })
  await new Promise<void>((done) => server.listen(port, host, done))
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    answer(now) {
      answering = now
    },
    askedFrom,
    stop: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** The shape of `GET https://api.nordvpn.com/v1/helpers/ips/insights`; anything else is not found there. */
export const insights =
  (isProtected: boolean, ip = '203.0.113.9'): Answering =>
  (request, response) => {
    if (request.url !== '/v1/helpers/ips/insights') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        ...{
          ip,
          country: 'Netherlands',
          country_code: 'NL',
          city: 'Amsterdam',
          isp: 'Packethub S.A.',
          isp_asn: 136787,
        },
        ...{ protected: isProtected, longitude: 4.9, latitude: 52.37, state_code: 'NH', zip_code: '1012' },
      }),
    )
  }

export const says =
  (text: string, status = 200): Answering =>
  (_request, response) =>
    void response.writeHead(status).end(text)

/** What strangers do: each keeps whoever asks from an answer, or tries to. */
export const hostile: Readonly<Record<string, Answering>> = {
  'answers nothing': () => {},
  'hangs up': (request) => void request.socket.destroy(),
  'answers without end': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 0x20)));
    }
    response.on('drain', more)
    more()
  },
  'sends headers without end': (request) => {
    const line = `x: ${'y'.repeat(8000)}\r\n`
    request.socket.on('error', () => {})
    request.socket.write(`HTTP/1.1 200 OK\r\n${line.repeat(20)}`)
  },
  'is no HTTP': (request) => void request.socket.end('\x00\x01\x02\r\n\r\n'),
  'is an error page': says('<html>Bad Gateway</html>', 502),
  'is a page': says('<html>203.0.113.9</html>'),
  'is empty': says(''),
  'is JSON of another kind': says('[{"protected":true,"ip":"203.0.113.9"}]'),
  'names no address': says('{"ip":"example.org","protected":true}'),
  'is protected by a word': says('{"ip":"203.0.113.9","protected":"true"}'),
  'leads into the home': (_request, response) =>
    void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('203.0.113.9'),
  'breaks off': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('203.0.113.9')
    setImmediate(() => response.destroy())
  },
}
