/** A hub for tests: real HTTP and real sockets (`ws`), with the edge's half of the handshake, and levers to pull. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { AgentMessage, type HubMessage, PING, PONG } from '#protocol/agent-messages.ts'
import { connectProof } from '#protocol/agent-proof.ts'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import { importPublicKey, verifyText } from '#protocol/ed25519.ts'
import type { ErrorData } from '#protocol/errors.ts'

export type Welcome = Extract<HubMessage, { type: 'welcome' }>

export type FakeHub = {
  url: string
  /** Hellos whose signature was good, in order. */
  hellos: Extract<AgentMessage, { type: 'hello' }>[]
  /** Everything else that agents said. */
  messages: AgentMessage[]
  /** Close codes with which agents left. */
  closes: number[]
  pings: number
  /** How often an agent knocked. */
  upgrades: number
  /** What the next sockets are told; changes apply to the next connection. */
  behaviour: {
    answersPings: boolean
    refuseUpgrade?: { status: number; error?: ErrorData }
    refuseHello?: ErrorData
    edgeTime: () => number
    welcome: Partial<Welcome>
  }
  socket(): WebSocket
  ask(request: AgentRequest, options?: { id?: string; deadlineSeconds?: number }): string
  /** Any text, however wrong. */
  say(text: string | Uint8Array): void
  /** From now on nobody is heard there, and nobody else can take its port: whoever did would answer in its place. */
  goAway(): void
  stop(): Promise<void>
}

const nowSeconds = () => Math.floor(Date.now() / 1000)

/** Only the owner of the key is welcomed; `agentKey.publicKey` may be set later. `onRequest` answers plain HTTP. */
export async function startFakeHub(
  agentKey: { publicKey: string },
  verificationKeys = [{ keyId: 'k1', publicKey: 'A'.repeat(43) }],
  onRequest: RequestListener = (_request, response) => void response.writeHead(404).end(),
): Promise<FakeHub> {
  const server = createServer(onRequest)
  const sockets = new WebSocketServer({ noServer: true })
  let asked = 0
  let current: WebSocket | undefined

  const hub: FakeHub = {
    url: '',
    hellos: [],
    messages: [],
    closes: [],
    pings: 0,
    upgrades: 0,
    behaviour: { answersPings: true, edgeTime: nowSeconds, welcome: {} },
    socket() {
      if (!current) throw new Error('no agent is connected')
      return current
    },
    ask(request, { id = `request-${++asked}`, deadlineSeconds = 10 } = {}) {
      const message: HubMessage = { type: 'request', id, deadlineSeconds, correlationId: 'test-correlation', request }
      hub.socket().send(JSON.stringify(message))
      return id
    },
    say: (text) => hub.socket().send(text),
    goAway() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.on('connection', (socket) => socket.destroy())
    },
    async stop() {
      hub.goAway()
      await new Promise((done) => server.close(done))
    },
  }

  const welcomeAgent = async (socket: WebSocket, text: string, nonce: string, request: IncomingMessage) => {
    const hello = AgentMessage.parse(JSON.parse(text))
    if (hello.type !== 'hello') throw new Error('said something before hello')
    const agentId = /agents\/([^/]+)\/socket/.exec(request.url ?? '')?.[1] ?? ''
    const { protocolVersion, sentAt, signature } = hello
    const proof = connectProof({ nonce, agentId, hubHost: request.headers.host ?? '', protocolVersion, sentAt })
    const { refuseHello, edgeTime, welcome } = hub.behaviour
    const isGood = await verifyText(await importPublicKey(agentKey.publicKey), proof, signature)
    const error = isGood ? refuseHello : ({ code: 'bad_signature', message: 'Not you.' } as const)
    if (error) {
      socket.send(JSON.stringify({ type: 'refused', error } satisfies HubMessage))
      return socket.close(4003)
    }
    hub.hellos.push(hello)
    const message: Welcome = {
      type: 'welcome',
      protocolVersion: 1,
      edgeTime: edgeTime(),
      verificationKeys,
      revokedStreams: [],
      appOrigin: 'https://porchlight.example',
      ...welcome,
    }
    current = socket
    socket.send(JSON.stringify(message))
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const nonce = 'nonce-of-twenty-or-more-characters'
    let isFirst = true
    socket.on('message', (data) => {
      const text = data.toString()
      if (text === PING) {
        hub.pings++
        if (hub.behaviour.answersPings) socket.send(PONG)
      } else if (isFirst) {
        isFirst = false
        void welcomeAgent(socket, text, nonce, request)
      } else hub.messages.push(AgentMessage.parse(JSON.parse(text)))
    })
    socket.on('close', (code) => hub.closes.push(code))
    const challenge: HubMessage = { type: 'challenge', nonce, edgeTime: hub.behaviour.edgeTime() }
    socket.send(JSON.stringify(challenge))
  })
  server.on('upgrade', (request, socket, head) => {
    hub.upgrades++
    const refusal = hub.behaviour.refuseUpgrade
    if (!refusal) return sockets.handleUpgrade(request, socket, head, (one) => sockets.emit('connection', one, request))
    const body = refusal.error ? JSON.stringify({ error: refusal.error }) : '<html>nothing here</html>'
    socket.end(
      `HTTP/1.1 ${refusal.status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return hub
}
