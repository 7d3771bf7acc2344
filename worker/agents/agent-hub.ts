/** The Durable Object at the edge's end of one agent's socket: it moves messages and knows nothing of films. */
import { DurableObject } from 'cloudflare:workers'
import { type AgentMessage, PING, PONG } from '#protocol/agent-messages.ts'
import type { AgentRequest } from '#protocol/agent-requests.ts'
import type { AgentLoad } from '#protocol/capabilities.ts'
import { newCorrelationId } from '#protocol/correlation.ts'
import { AppError, toErrorData } from '#protocol/errors.ts'
import type { OpenStage } from '#protocol/stream-status.ts'
import type { Bindings } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { log } from '../log.ts'
import { randomId } from '../random-id.ts'
import { streamVerificationKeys } from '../signing-keys.ts'
import { recordConnect, recordDisconnect, recordRefusal, recordReplacement } from './agent-visits.ts'
import { type AskOptions, type HubAnswer, IDENTITY_HEADER, type OnStage, type Presence } from './hub-calls.ts'
import { because } from './hub-refusals.ts'
import { closePolitely, send } from './hub-socket.ts'
import { pendingRequests } from './pending-requests.ts'
import { agreedVersion, helloProblem, provesItself } from './prove-hello.ts'
import { type CloseReason, readAgentMessage } from './read-agent-message.ts'
import { type Revocations, revocations } from './revocations.ts'
import { Identity, isSilent, isTooLong, type SocketState, setState, stateOf } from './socket-state.ts'
import {
  type AgentMode,
  afterReplacement,
  afterWelcome,
  keptStanding,
  noStanding,
  problemOf,
  withMode,
} from './standing.ts'
import { tellOfVpn } from './vpn-alert.ts'

/** A socket that has not proved itself is closed after this long; more than a few at once are somebody's game. */
const HELLO_SECONDS = 10
const CHALLENGED_SOCKETS = 4

type Challenged = Extract<SocketState, { stage: 'challenged' }>
type Proven = Extract<SocketState, { stage: 'proven' }>
type Hello = Extract<AgentMessage, { type: 'hello' }>

const seconds = (): number => Math.floor(Date.now() / 1000)

export class AgentHub extends DurableObject<Bindings> {
  readonly #pending = pendingRequests<string>()
  readonly #revoked: Revocations
  readonly #standing: ReturnType<typeof keptStanding>
  /** Have said hello: what is being looked at is not too slow, however much the edge has to do. */
  readonly #proving = new WeakSet<WebSocket>()
  /** Newer than that of the capabilities; gone when the hub has slept. */
  #load: AgentLoad | undefined

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env)
    this.#revoked = revocations(ctx.storage.sql)
    this.#standing = keptStanding(ctx.storage.sql)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG))
  }

  /** The upgrade, forwarded by the route that read from D1 who the agent is. */
  override async fetch(request: Request): Promise<Response> {
    const identity = Identity.parse(JSON.parse(request.headers.get(IDENTITY_HEADER) ?? 'null'))
    const waiting = this.#socketsThatAre('challenged').sort((a, b) => a.state.openedAtMs - b.state.openedAtMs)
    for (const { socket } of waiting.slice(0, Math.max(0, waiting.length - CHALLENGED_SOCKETS + 1))) {
      this.#close(socket, 'too_slow', because.tooMany())
    }
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    const nonce = randomId(24)
    setState(server, { stage: 'challenged', identity, nonce, openedAtMs: Date.now() })
    send(server, { type: 'challenge', nonce, edgeTime: seconds() })
    // An alarm, not a timer: a timer would keep the hub awake.
    if ((await this.ctx.storage.getAlarm()) === null) await this.#wakeForHello(Date.now())
    return new Response(null, { status: 101, webSocket: client })
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    const state = stateOf(socket)
    if (state.stage === 'closing') return
    const read = readAgentMessage(data)
    // Told by the agent itself, not by somebody who knows its name: its card says that it must be updated.
    if (!read.ok && read.reason === 'version' && (await provesItself(state, data, seconds()))) {
      this.#standing.set({ ...this.#standing.get(), tooOld: true })
    }
    if (!read.ok) return this.#close(socket, read.reason, read.error)
    if (state.stage === 'proven') return this.#heard(socket, state, read.message)
    if (read.message.type === 'hello') return this.#prove(socket, state, read.message)
    this.#close(socket, 'refused', because.notProven())
  }

  override webSocketClose(socket: WebSocket): void {
    this.#gone(socket)
  }

  override webSocketError(socket: WebSocket): void {
    this.#gone(socket)
  }

  override async alarm(): Promise<void> {
    for (const { socket, state } of this.#socketsThatAre('challenged')) {
      if (this.#proving.has(socket)) await this.#wakeForHello(Date.now())
      else if (Date.now() - state.openedAtMs < HELLO_SECONDS * 1000) await this.#wakeForHello(state.openedAtMs)
      else this.#close(socket, 'too_slow', because.tooSlow())
    }
  }

  /** Asks the agent and waits for its one reply, at most until the deadline. */
  async ask(request: AgentRequest, options: AskOptions, onStage?: OnStage): Promise<HubAnswer> {
    const socket = this.#proven()?.socket
    if (!socket) return { ok: false, error: toErrorData(because.offline()) }
    const { id, deadlineSeconds, correlationId } = options
    const { promise, resolve } = Promise.withResolvers<HubAnswer>()
    this.#pending.add(id, Date.now() + deadlineSeconds * 1000, {
      settle: (settled) =>
        resolve(settled.ok ? { ok: true, json: settled.value } : { ok: false, error: toErrorData(settled.error) }),
      // A call that fails means that whoever asked is gone.
      stage: (stage, peers) => void tell(onStage, stage, peers).catch(() => this.cancel(id)),
    })
    send(socket, { type: 'request', id, deadlineSeconds, correlationId, request })
    const timer = setTimeout(() => this.#expire(), deadlineSeconds * 1000 + 1)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** Whoever asked has left: the agent stops working on it. */
  cancel(id: string): void {
    const socket = this.#pending.settle(id, { ok: false, error: because.nobodyWaits() }) && this.#proven()?.socket
    if (socket) send(socket, { type: 'cancel', id })
  }

  presence(): Presence {
    const state = this.#proven()?.state
    const { mode } = this.#standing.get()
    const problem = problemOf(this.#standing.get(), Date.now())
    const about = { mode, ...(problem && { problem }) }
    if (!state) return { ...about, online: false }
    const { identity, isAgentOld = false } = state
    const capabilities = { ...state.capabilities, ...(this.#load && { load: this.#load }) }
    return { ...about, online: true, capabilities, publicKey: identity.publicKey, isOld: isAgentOld }
  }

  /** False when it was so already. An agent that is here is told at once, or with its next welcome. */
  async setMode(mode: AgentMode, correlationId: string): Promise<boolean> {
    if (this.#standing.get().mode === mode) return false
    this.#standing.set(withMode(this.#standing.get(), mode, this.#proven()?.state.capabilities))
    await this.#tellMode(correlationId)
    return true
  }

  /** Kept for the next connect, and pushed at once when there is a socket. `until`: epoch seconds. */
  async revoke(streamIds: string[], until: number, correlationId: string): Promise<void> {
    this.#revoked.add(streamIds, until, seconds())
    for (let at = 0; at < streamIds.length; at += 1000) {
      const request: AgentRequest = { kind: 'revoke', streamIds: streamIds.slice(at, at + 1000) }
      await this.ask(request, { id: randomId(), deadlineSeconds: 5, correlationId })
    }
  }

  /** The agent is no longer one of the household's. */
  remove(): void {
    for (const socket of this.ctx.getWebSockets()) this.#close(socket, 'removed', because.removed())
    this.#standing.set(noStanding)
  }

  async #prove(socket: WebSocket, state: Challenged, hello: Hello): Promise<void> {
    this.#proving.add(socket)
    try {
      await this.#hello(socket, state, hello)
    } finally {
      this.#proving.delete(socket)
    }
  }

  async #hello(socket: WebSocket, state: Challenged, hello: Hello): Promise<void> {
    const { identity } = state
    const { agentId } = identity
    const problem = await helloProblem(state, hello, seconds())
    if (problem) {
      this.#close(socket, 'refused', problem)
      return recordRefusal(this.env.DB, agentId, problem.code)
    }
    const verificationKeys = await streamVerificationKeys(readKeyring(this.env.KEYRING))
    if (!(await recordConnect(this.env.DB, agentId, hello.capabilities))) return this.remove()
    if (stateOf(socket).stage !== 'challenged') return
    // No await from here to the welcome: of two that prove themselves at once the later one replaces the earlier.
    const before = this.#proven()
    const { version, isAgentOld } = agreedVersion(hello)
    const { capabilities } = hello
    setState(socket, { stage: 'proven', identity, capabilities, provenAtMs: Date.now(), isAgentOld })
    this.#load = undefined
    if (before) this.#close(before.socket, 'replaced', because.replaced())
    this.#noteWelcome(hello, before?.state)
    send(socket, {
      type: 'welcome',
      protocolVersion: version,
      edgeTime: seconds(),
      verificationKeys,
      revokedStreams: this.#revoked.list(seconds()),
      appOrigin: identity.appOrigin,
    })
    log('info', 'agent_connected', { agentId })
    tellOfVpn(this.ctx, this.env, identity, hello.capabilities.vpn)
    if (this.#standing.get().mode !== 'serving') this.ctx.waitUntil(this.#tellMode(newCorrelationId()))
    if (before) await recordReplacement(this.env.DB, agentId)
  }

  #heard(socket: WebSocket, state: Proven, message: AgentMessage): void {
    switch (message.type) {
      case 'hello':
        this.#close(socket, 'malformed', because.helloTwice())
        break
      case 'changed':
        if (isTooLong(message.capabilities)) {
          this.#close(socket, 'too_large', because.tooLong())
        } else {
          setState(socket, { ...state, capabilities: message.capabilities })
          tellOfVpn(this.ctx, this.env, state.identity, message.capabilities.vpn)
          this.#load = undefined
        }
        break
      case 'stage':
        this.#pending.stage(message.id, message.stage, message.peers)
        break
      // A reply that nobody waits for any more is late, not wrong.
      case 'reply':
        this.#load = message.load ?? this.#load
        this.#pending.settle(message.id, { ok: true, value: JSON.stringify(message.value ?? {}) })
        break
      case 'failed': {
        const error = new AppError(message.error.code, message.error.message)
        this.#pending.settle(message.id, { ok: false, error })
      }
    }
  }

  #noteWelcome({ capabilities }: Hello, before: Proven | undefined): void {
    const standing = this.#standing.get()
    const replacing = before ? afterReplacement(standing, before.capabilities, capabilities, Date.now()) : standing
    this.#standing.set(afterWelcome(replacing, capabilities))
  }

  /** Older agents are not asked; their players hear of it with the next renewal. */
  async #tellMode(correlationId: string): Promise<void> {
    if (!this.#proven()?.state.capabilities.alsoAnswers?.includes('drain')) return
    const isDraining = this.#standing.get().mode !== 'serving'
    await this.ask({ kind: 'drain', isDraining }, { id: randomId(), deadlineSeconds: 5, correlationId })
  }

  #wakeForHello(openedAtMs: number): Promise<void> {
    return this.ctx.storage.setAlarm(openedAtMs + HELLO_SECONDS * 1000)
  }

  #socketsThatAre<Stage extends SocketState['stage']>(stage: Stage) {
    return this.ctx.getWebSockets().flatMap((socket) => {
      const state = stateOf(socket)
      return state.stage === stage ? [{ socket, state: state as Extract<SocketState, { stage: Stage }> }] : []
    })
  }

  #proven() {
    const live = this.#socketsThatAre('proven').find(({ socket }) => socket.readyState === WebSocket.OPEN)
    if (!live) return undefined
    const pingedAtMs = this.ctx.getWebSocketAutoResponseTimestamp(live.socket)?.getTime()
    if (!isSilent(live.state, pingedAtMs, Date.now())) return live
    this.#close(live.socket, 'too_slow', because.silent())
    return undefined
  }

  #expire(): void {
    const due = this.#pending.expire(Date.now())
    const socket = this.#proven()?.socket
    if (socket) for (const id of due) send(socket, { type: 'cancel', id })
  }

  #close(socket: WebSocket, reason: CloseReason, error: AppError): void {
    const wasProven = stateOf(socket).stage === 'proven'
    if (wasProven && reason !== 'replaced') this.#gone(socket)
    if (wasProven && reason === 'replaced') this.#pending.settleAll(error)
    closePolitely(socket, reason, error)
  }

  /** The live socket is no more: whatever was asked over it is refused, and D1 remembers when the agent was here. */
  #gone(socket: WebSocket): void {
    const state = stateOf(socket)
    setState(socket, { stage: 'closing' })
    if (state.stage !== 'proven') return
    const { agentId } = state.identity
    log('info', 'agent_disconnected', { agentId })
    this.#pending.settleAll(because.offline())
    this.ctx.waitUntil(recordDisconnect(this.env.DB, agentId))
  }
}

async function tell(onStage: OnStage | undefined, stage: OpenStage, peers: number): Promise<void> {
  await onStage?.(stage, peers)
}
