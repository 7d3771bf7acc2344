/** The agent's socket to its hub: proves itself, answers, pings, and comes back by itself, with patience. */

import { WebSocket } from 'ws'
import type { AgentMessage, HubMessage } from '#protocol/agent-messages.ts'
import {
  MESSAGE_BYTES,
  OLDEST_PROTOCOL_VERSION,
  PING_EVERY_SECONDS,
  PONG,
  PROTOCOL_VERSION,
} from '#protocol/agent-messages.ts'
import { connectProof } from '#protocol/agent-proof.ts'
import type { Capabilities } from '#protocol/capabilities.ts'
import { signText } from '#protocol/ed25519.ts'
import type { ErrorCode, ErrorData } from '#protocol/errors.ts'
import type { Log } from '../log.ts'
import { createAnswerer, type Handle } from './answer.ts'
import { answersAnew } from './answers-anew.ts'
import type { IdentityKey } from './identity-key.ts'
import { keepAlive } from './keep-alive.ts'
import { readHubMessage } from './read-hub-message.ts'
import { readRefusal } from './read-refusal.ts'
import { fightsNow } from './reconnect-delay.ts'

export type Welcome = Extract<HubMessage, { type: 'welcome' }>

export type HubLinkOptions = {
  edgeUrl: string
  agentId: string
  key: IdentityKey
  /** Epoch seconds, by the edge's clock. */
  now: () => number
  capabilities: () => Capabilities
  handle: Handle
  /** The edge has said what time it has, before anything is signed. */
  onEdgeTime: (edgeTime: number) => void
  onWelcome: (welcome: Welcome) => void
  /** The edge does not know this agent any more: the link has ended and will not come back. */
  onRemoved: (error: ErrorData) => void
  /** Seconds to wait before attempt n (from 0), after another took our place `fights` times in a row. */
  delaySeconds: (attempt: number, fights: number) => number
  log: Log
  pingEverySeconds?: number
  /** The machine's own addresses, as one text: when it changes, the connection is tested at once. */
  addresses?: () => string
  /** Whether the machine has this address now: a connection that goes out from one that it has lost is over. */
  hasAddress?: (address: string) => boolean
  /** Whether somebody watches a film from here: then a dead connection is found sooner. */
  isWatched?: () => boolean
  /** How long a connection must have lasted to be counted a success. */
  settledSeconds?: number
}

export type LinkState = 'connecting' | 'connected' | 'waiting' | 'removed' | 'closed'

/** The hub's way of saying that this agent is not one of the household's any more. */
const removedCodes: ReadonlySet<ErrorCode> = new Set(['not_found', 'forbidden'])
const HANDSHAKE_SECONDS = 15

export class HubLink {
  readonly #options: HubLinkOptions
  #state: LinkState = 'waiting'
  #socket: WebSocket | undefined
  #attempt = 0
  #fights = 0
  #waitedSeconds = 0
  #connectedAtMs = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: HubLinkOptions) {
    this.#options = options
  }

  get state(): LinkState {
    return this.#state
  }

  start(): void {
    this.#connect()
  }

  /** Tells the hub what has changed; without a connection the next hello says it. */
  changed(capabilities: Capabilities): void {
    if (this.#state === 'connected') this.#send({ type: 'changed', capabilities })
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#timer)
    this.#socket?.close(1001, 'the agent stops')
  }

  #connect(): void {
    const { edgeUrl, agentId, log, addresses, hasAddress, isWatched } = this.#options
    const { pingEverySeconds = PING_EVERY_SECONDS, settledSeconds = 10 } = this.#options
    this.#state = 'connecting'
    const url = `${edgeUrl.replace(/^http/, 'ws')}/api/agents/${encodeURIComponent(agentId)}/socket`
    const socket = new WebSocket(url, {
      maxPayload: MESSAGE_BYTES,
      handshakeTimeout: HANDSHAKE_SECONDS * 1000,
      perMessageDeflate: false,
      followRedirects: false,
    })
    this.#socket = socket
    const answerer = createAnswerer(
      this.#options.handle,
      (message) => this.#send(message, socket),
      log,
      () => this.#options.capabilities().load,
    )
    const helloTimer = setTimeout(() => {
      if (this.#state === 'connecting') socket.terminate()
    }, HANDSHAKE_SECONDS * 2000)
    let stopPinging = () => {}
    let isCut = () => false
    let isAlone = false
    let settledTimer: NodeJS.Timeout | undefined

    socket.on('message', (data, isBinary) => {
      // What still comes while the socket is closing is from a hub that is not listened to any more.
      if (socket.readyState !== WebSocket.OPEN) return
      if (isBinary) return this.#closePolitely(socket, 1003, 'binary message')
      const text = data.toString()
      if (text === PONG) return
      const read = readHubMessage(text)
      if (!read.ok && 'closeCode' in read) return this.#closePolitely(socket, read.closeCode, read.reason)
      if (!read.ok) return this.#refuseUnknown(read.requestId, socket)
      const { message } = read
      if (message.type === 'welcome' && this.#state === 'connecting') {
        stopPinging = keepAlive(socket, log, {
          ...{ everySeconds: pingEverySeconds, addresses, isCut, isWatched },
          answersAnew: (signal) => answersAnew(edgeUrl, signal),
          end(isOursAlone) {
            isAlone = isOursAlone
            socket.terminate()
          },
        })
        settledTimer = setTimeout(() => {
          this.#attempt = 0
        }, settledSeconds * 1000)
      }
      this.#heard(message, socket, answerer)
    })
    socket.once('upgrade', ({ socket: { localAddress } }) => {
      // One that this machine does not call its own from the beginning says nothing later.
      if (localAddress === undefined || !hasAddress?.(localAddress)) return
      isCut = () => !hasAddress(localAddress)
    })
    socket.once('unexpected-response', (_request, response) => {
      readRefusal(response).then((refusal) => {
        log.warn('hub_refused', { status: response.statusCode, code: refusal?.code })
        if (refusal) this.#refused(refusal)
        socket.terminate()
      })
    })
    socket.on('error', (error) => log.warn('hub_connection_failed', { reason: error.message }))
    socket.once('close', (closeCode) => {
      clearTimeout(helloTimer)
      clearTimeout(settledTimer)
      stopPinging()
      answerer.close()
      this.#lost(closeCode, isAlone || isCut())
    })
  }

  #heard(message: HubMessage, socket: WebSocket, answerer: ReturnType<typeof createAnswerer>): void {
    switch (message.type) {
      case 'challenge':
        this.#options.onEdgeTime(message.edgeTime)
        this.#prove(message.nonce, socket).catch((error) => {
          this.#options.log.error('hello_failed', error)
          socket.terminate()
        })
        break
      case 'welcome':
        if (this.#state === 'connecting') this.#welcomed(message)
        else this.#closePolitely(socket, 1008, 'a second welcome')
        break
      case 'refused':
        this.#options.log.warn('hub_refused', { code: message.error.code, reason: message.error.message })
        this.#refused(message.error)
        socket.close(1000)
        break
      case 'request':
        if (this.#state === 'connected') void answerer.answer(message)
        else this.#closePolitely(socket, 1008, 'a request before the welcome')
        break
      case 'cancel':
        answerer.cancel(message.id)
    }
  }

  async #prove(nonce: string, socket: WebSocket): Promise<void> {
    const { agentId, edgeUrl, key, now } = this.#options
    const sentAt = Math.floor(now())
    const hubHost = new URL(edgeUrl).host
    const proof = connectProof({ nonce, agentId, hubHost, protocolVersion: PROTOCOL_VERSION, sentAt })
    const signature = await signText(key.privateKey, proof)
    const capabilities = this.#options.capabilities()
    const spoken = { protocolVersion: PROTOCOL_VERSION, oldestProtocolVersion: OLDEST_PROTOCOL_VERSION }
    this.#send({ type: 'hello', ...spoken, sentAt, signature, capabilities }, socket)
  }

  #welcomed(welcome: Welcome): void {
    this.#state = 'connected'
    this.#connectedAtMs = performance.now()
    this.#options.log.info('hub_connected', { version: welcome.protocolVersion })
    this.#options.onEdgeTime(welcome.edgeTime)
    this.#options.onWelcome(welcome)
  }

  #refused(error: ErrorData): void {
    if (removedCodes.has(error.code)) {
      this.#state = 'removed'
      this.#options.onRemoved(error)
    }
    // Two that share one key would throw each other out for ever: each time in a row we wait twice as long.
    if (error.code === 'agent_replaced') {
      const lastedSeconds = (performance.now() - this.#connectedAtMs) / 1000
      this.#fights = fightsNow(this.#fights, { lastedSeconds, waitedSeconds: this.#waitedSeconds })
    }
    // Another agent with our identity, or a hub that is too new or too old: trying at once would only fight it.
    if (error.code === 'agent_replaced' || error.code === 'version_unsupported') this.#attempt = 10
  }

  #refuseUnknown(id: string, socket: WebSocket): void {
    this.#options.log.warn('request_unknown')
    const message = 'This agent is too old for what it was asked. Update it, then try again.'
    this.#send({ type: 'failed', id, error: { code: 'version_unsupported', message } }, socket)
  }

  #closePolitely(socket: WebSocket, closeCode: number, reason: string): void {
    this.#options.log.warn('hub_message_refused', { closeCode, reason })
    socket.close(closeCode, reason)
  }

  /** `isAlone`: it is this machine alone that comes back, and nobody is spared by its waiting. */
  #lost(closeCode: number, isAlone: boolean): void {
    this.#options.log.info('hub_disconnected', { closeCode })
    if (this.#state === 'removed' || this.#state === 'closed') return
    this.#state = 'waiting'
    const attempt = this.#attempt++
    const delaySeconds = isAlone && attempt === 0 ? 0 : this.#options.delaySeconds(attempt, this.#fights)
    this.#waitedSeconds = delaySeconds
    this.#options.log.info('hub_reconnecting', { attempt, delaySeconds: Math.round(delaySeconds * 10) / 10 })
    this.#timer = setTimeout(() => this.#connect(), delaySeconds * 1000)
  }

  #send(message: AgentMessage, socket = this.#socket): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }
}
