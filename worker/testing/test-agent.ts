/** A home agent for tests: its own key, a real pairing, a real socket into the hub; what it answers is the test's. */
import { env, exports } from 'cloudflare:workers'
import { AgentMessage, HubMessage, PONG } from '#protocol/agent-messages.ts'
import { connectProof, digestBody, STREAMED_BODY, signRequest } from '#protocol/agent-proof.ts'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import { publicKeyOf, signText } from '#protocol/ed25519.ts'
import { PairingAnswer, PairingPollAnswer } from '#protocol/pairing.ts'
import { RELAY_HEAD_HEADER, type RelayHead, relayPath } from '#protocol/relay.ts'
import { callEdge, ORIGIN } from './call-edge.ts'

export const capabilities: Capabilities = {
  name: 'Test agent',
  softwareVersion: '0.1.0',
  addresses: ['http://127.0.0.1:8788'],
  relay: true,
  ffmpeg: false,
  vpn: { policy: 'off', state: 'unknown' },
  disk: { freeBytes: 1e12, usedBytes: 0 },
}

export type AgentKey = { privateKey: CryptoKey; publicKey: string }

export async function newAgentKey(): Promise<AgentKey> {
  const { privateKey } = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return { privateKey, publicKey: await publicKeyOf(privateKey) }
}

export const requestPairing = (publicKey: string, change: object = {}): Promise<Response> =>
  callEdge('/api/agents/pairings', { json: { publicKey, name: 'Attic', softwareVersion: '0.1.0', ...change } })

export const pollPairing = (pollToken: string): Promise<Response> =>
  callEdge('/api/agents/pairings/poll', { json: { pollToken } })

export type PairedAgent = AgentKey & { agentId: string }

/** Paired at once, with the machine's own secret. */
export async function pairAgent(name = 'Attic'): Promise<PairedAgent> {
  const key = await newAgentKey()
  const asked = await requestPairing(key.publicKey, { name, localSecret: env.LOCAL_PAIRING_SECRET })
  const { pollToken } = PairingAnswer.parse(await asked.json())
  const polled = PairingPollAnswer.parse(await (await pollPairing(pollToken)).json())
  if (polled.status !== 'paired') throw new Error('not paired')
  return { ...key, agentId: polled.agentId }
}

/** A request signed as the agent signs its own; `body` is JSON text. `change` makes the signature one of something else. */
export async function callAsAgent(
  agent: PairedAgent,
  path: string,
  body: string,
  change: { body?: string; sentAt?: number; signedPath?: string } = {},
): Promise<Response> {
  const headers = await signRequest(agent.privateKey, {
    agentId: agent.agentId,
    method: 'POST',
    path: change.signedPath ?? path,
    sentAt: change.sentAt ?? Math.floor(Date.now() / 1000),
    bodyDigest: await digestBody(body),
  })
  return callEdge(path, {
    method: 'POST',
    body: change.body ?? body,
    headers: { ...headers, 'content-type': 'application/json' },
  })
}

/** One part of the answer to a relayed request, signed as the agent signs it; `change` spoils it. */
export async function postPart(
  agent: PairedAgent,
  { streamId, requestId }: { streamId: string; requestId: string },
  part: { number?: number; last?: boolean | 'short'; head?: RelayHead; body?: BodyInit },
  change: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  const { number = 0, last = true } = part
  const path = relayPath(streamId, requestId, number, last === 'short' ? last : last ? '1' : '0')
  const sentAt = Math.floor(Date.now() / 1000)
  const signed = { agentId: agent.agentId, method: 'POST', path, sentAt, bodyDigest: STREAMED_BODY }
  const headers = {
    ...(await signRequest(agent.privateKey, signed)),
    ...(part.head && { [RELAY_HEAD_HEADER]: JSON.stringify(part.head) }),
    ...change.headers,
  }
  return callEdge(path, { method: 'POST', headers, ...(part.body !== undefined && { body: part.body }) })
}

export type Answers = (request: AgentRequest, agent: ConnectedAgent, id: string) => unknown

/** The agent's end of the socket. Messages are kept in order; `next` takes the oldest, or waits for it. */
export class ConnectedAgent {
  readonly paired: PairedAgent
  readonly socket: WebSocket
  readonly #received: (HubMessage | { type: 'closed'; code: number; reason: string })[] = []
  #waiting: (() => void)[] = []
  #answers: Answers | undefined

  constructor(paired: PairedAgent, socket: WebSocket) {
    this.paired = paired
    this.socket = socket
    socket.addEventListener('message', ({ data }) => {
      if (data !== PONG) this.#arrived(HubMessage.parse(JSON.parse(String(data))))
    })
    socket.addEventListener('close', ({ code, reason }) => this.#arrived({ type: 'closed', code, reason }))
    socket.accept()
  }

  #arrived(message: HubMessage | { type: 'closed'; code: number; reason: string }): void {
    if (message.type === 'request' && this.#answers) {
      const { id, request } = message
      const value = this.#answers(request, this, id)
      if (value !== undefined) this.send({ type: 'reply', id, ok: true, value })
      return
    }
    this.#received.push(message)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** From now on requests are answered by this; what it leaves undefined stays unanswered. */
  answer(answers: Answers): void {
    this.#answers = answers
  }

  async next<Type extends HubMessage['type'] | 'closed'>(type: Type) {
    for (;;) {
      const message = this.#received.shift()
      if (message?.type === type) return message as Extract<typeof message, { type: Type }>
      if (message) throw new Error(`expected ${type}, received ${JSON.stringify(message)}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  send(message: AgentMessage): void {
    this.socket.send(JSON.stringify(AgentMessage.parse(message)))
  }

  /** The hello for a challenge; `change` spoils it. */
  async hello(
    nonce: string,
    change: { privateKey?: CryptoKey; protocolVersion?: number; sentAt?: number; hubHost?: string } = {},
  ) {
    const protocolVersion = change.protocolVersion ?? 1
    const sentAt = change.sentAt ?? Math.floor(Date.now() / 1000)
    const hubHost = change.hubHost ?? new URL(ORIGIN).host
    const proof = connectProof({ nonce, agentId: this.paired.agentId, hubHost, protocolVersion, sentAt })
    const signature = await signText(change.privateKey ?? this.paired.privateKey, proof)
    return { type: 'hello' as const, protocolVersion, sentAt, signature, capabilities }
  }

  close(): void {
    this.socket.close(1000, 'bye')
  }
}

/** A socket that has been challenged and has not answered yet. */
export async function openSocket(paired: PairedAgent): Promise<ConnectedAgent> {
  const request = new Request(`${ORIGIN}/api/agents/${paired.agentId}/socket`, { headers: { upgrade: 'websocket' } })
  const response = await exports.default.fetch(request)
  if (!response.webSocket) throw new Error(`no socket: ${response.status} ${await response.text()}`)
  return new ConnectedAgent(paired, response.webSocket)
}

/** Connected and welcome. */
export async function connectAgent(paired: PairedAgent, change: Partial<Capabilities> = {}): Promise<ConnectedAgent> {
  const agent = await openSocket(paired)
  const { nonce } = await agent.next('challenge')
  const hello = await agent.hello(nonce)
  agent.send({ ...hello, capabilities: { ...capabilities, ...change } })
  await agent.next('welcome')
  return agent
}
