/** A connection between this page and home, without a server in between: some lanes, and requests spread over them. */
import { laneLabel } from '#protocol/p2p.ts'
import type { IceServer } from '#protocol/p2p-signalling.ts'
import { Lane, LaneBroke } from './lane.ts'
import type { Signalling } from './signalling.ts'

/** Enough that a request for a few bytes does not wait behind those for many. */
const LANES = 4
/** Addresses of this device are found within this, or told later. */
const GATHER_MS = 250
/** How often what was found since is told, while there is no connection yet. */
const TELL_EVERY_MS = 500

type Wanted = { iceServers: readonly IceServer[]; signal: AbortSignal }

export class PeerLink {
  #connection: RTCPeerConnection
  #lanes: Lane[]
  #onClosed: (() => void)[]
  #isClosed = false

  constructor(connection: RTCPeerConnection, lanes: Lane[], onEnd: () => void) {
    this.#connection = connection
    this.#lanes = lanes
    this.#onClosed = [onEnd]
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.close()
    })
    for (const lane of lanes) lane.onClosed(() => this.close())
  }

  /** False after it was closed, here or by home, and while the network between the two is away. */
  get isOpen(): boolean {
    return (
      !this.#isClosed && this.#connection.connectionState === 'connected' && this.#lanes.some(({ isOpen }) => isOpen)
    )
  }

  /** `path` as on every transport. Throws what `Lane.fetch` throws. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const [lane] = this.#lanes.filter(({ isOpen }) => isOpen).sort((one, other) => one.load - other.load)
    if (!lane) throw new LaneBroke('The connection to home is not open.')
    return lane.fetch(path, init)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const lane of this.#lanes) lane.close()
    this.#connection.close()
    for (const tell of this.#onClosed) tell()
  }

  /** Called once, at its end. */
  onClosed(tell: () => void): void {
    if (this.#isClosed) tell()
    else this.#onClosed.push(tell)
  }
}

/** Resolves once a request can be sent. Throws LaneBroke, what signalling throws, or the signal's reason. */
export async function openPeerLink(signalling: Signalling, { iceServers, signal }: Wanted): Promise<PeerLink> {
  const connection = new RTCPeerConnection({
    iceServers: iceServers.map(({ urls, username, credential }) => ({
      urls,
      ...(username !== undefined && { username }),
      ...(credential !== undefined && { credential }),
    })),
  })
  let connectionId: string | undefined
  const channels = Array.from({ length: LANES }, (_, n) => connection.createDataChannel(laneLabel(n)))
  const link = new PeerLink(
    connection,
    channels.map((channel) => new Lane(channel)),
    () => connectionId !== undefined && signalling.end(connectionId),
  )
  const found: string[] = []
  connection.addEventListener(
    'icecandidate',
    ({ candidate }) => candidate?.candidate && found.push(candidate.candidate),
  )
  try {
    const gathered = once(connection, 'icegatheringstatechange', () => connection.iceGatheringState === 'complete')
    await connection.setLocalDescription()
    await Promise.race([gathered, pause(GATHER_MS)])
    signal.throwIfAborted()
    const told = found.length
    const opened = await signalling.offer(connection.localDescription?.sdp ?? '', signal)
    connectionId = opened.connectionId
    await connection.setRemoteDescription({ type: 'answer', sdp: opened.description })
    await untilOpen({
      connection,
      channels,
      signal,
      tell: tellLater(connection, signalling, connectionId, { found, told }),
    })
    return link
  } catch (error) {
    link.close()
    throw error
  }
}

type Telling = { found: string[]; told: number }

/** Tells what was found since it was last called, and takes what home has found. */
function tellLater(connection: RTCPeerConnection, signalling: Signalling, connectionId: string, telling: Telling) {
  return async (signal: AbortSignal): Promise<void> => {
    const candidates = telling.found.slice(telling.told)
    telling.told = telling.found.length
    const answer = await signalling.change(connectionId, candidates, signal)
    for (const candidate of answer.candidates)
      await connection.addIceCandidate({ candidate, sdpMid: '0' }).catch(() => undefined)
  }
}

type Opening = {
  connection: RTCPeerConnection
  channels: RTCDataChannel[]
  signal: AbortSignal
  tell: (signal: AbortSignal) => Promise<void>
}

function untilOpen({ connection, channels, signal, tell }: Opening): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => void tell(signal).catch(() => undefined), TELL_EVERY_MS)
    const end = (settle: () => void) => {
      clearInterval(timer)
      settle()
    }
    if (signal.aborted) return end(() => reject(signal.reason))
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true })
    connection.addEventListener('connectionstatechange', () => {
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed')
        end(() => reject(new LaneBroke('Home and this device found no way to each other.')))
    })
    const [first] = channels
    if (first?.readyState === 'open') return end(resolve)
    first?.addEventListener('open', () => end(resolve), { once: true })
  })
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds))

/** Resolves at the event after which it is so. */
const once = (target: EventTarget, event: string, isSo: () => boolean): Promise<void> =>
  new Promise((done) => {
    if (isSo()) return done()
    target.addEventListener(event, () => isSo() && done())
  })
