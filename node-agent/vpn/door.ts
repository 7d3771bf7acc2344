/** The one door through which everything leaves that has to do with swarms and indexes: shut, nothing passes. */
import { lookup as systemLookup } from 'node:dns'
import { connect, isIP, isIPv6, type LookupFunction, Socket } from 'node:net'
import { AppError } from '#protocol/errors.ts'
import { createBoundLookup } from './bound-lookup.ts'

/**
 * Where an open door leads. With `localAddress` (IPv4) every socket is bound to it, and there is no IPv6: Linux sends
 * nothing from an IPv4 address that it no longer has, but asks no such thing of an IPv6 one.
 */
export type Way = { localAddress: string | undefined }

/** What a room needs in order to ask anything of the world; see `sources`. */
export type WayOut = {
  readonly isOpen: boolean
  /** Resolves when something may leave, with a signal that aborts when it no longer may. */
  open(signal: AbortSignal): Promise<AbortSignal>
  localAddress(): string | undefined
  lookup: typeof systemLookup
}

/** `lookup`: the door's own unless said otherwise; one that is given asks by the door's. */
export type Destination = { host: string; port: number; lookup?: LookupFunction }

/** What it is shut with; people read it in the player. */
export const vpnDown = () =>
  new AppError('vpn_down', 'The agent at home waits for its VPN. It goes on by itself when the VPN is back.')

export class Door implements WayOut {
  #way: Way | undefined
  #opened = new AbortController()
  readonly #nameServers: readonly string[] | undefined
  readonly #sockets = new Set<Socket>()
  readonly #listeners = new Set<() => void>()
  /** As `dns.lookup`; with a bound way it asks the name servers from there, and none on this machine. */
  readonly lookup: typeof systemLookup

  /** `nameServers`: asked when the way is bound; undefined: those of the system. */
  constructor(nameServers?: readonly string[]) {
    this.#opened.abort(vpnDown())
    this.#nameServers = nameServers
    this.lookup = this.#lookUp as typeof systemLookup
  }

  get isOpen(): boolean {
    return this.#way !== undefined
  }

  localAddress(): string | undefined {
    return this.#way?.localAddress
  }

  /** Of what is opened until it is shut the next time; aborted already while it is shut. */
  get signal(): AbortSignal {
    return this.#opened.signal
  }

  /** Waits for as long as `signal` lets it; rejects with that signal's reason. */
  async open(signal: AbortSignal): Promise<AbortSignal> {
    signal.throwIfAborted()
    if (this.isOpen) return this.signal
    const waiting = Promise.withResolvers<void>()
    const onAbort = () => waiting.reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const stop = this.onChange(() => this.isOpen && waiting.resolve())
    try {
      await waiting.promise
    } finally {
      stop()
      signal.removeEventListener('abort', onAbort)
    }
    return this.signal
  }

  /** From now on things leave, that way. What left another way before is ended first. */
  unlock(way: Way): void {
    if (this.#way?.localAddress === way.localAddress && this.isOpen) return
    this.shut()
    this.#way = way
    this.#opened = new AbortController()
    this.#tell()
  }

  /** At once nothing leaves any more, and what was connected is connected no longer. */
  shut(): void {
    if (!this.isOpen) return
    this.#way = undefined
    // First: whoever hears that it is over says farewell.
    for (const socket of this.#sockets) cut(socket)
    this.#sockets.clear()
    this.#opened.abort(vpnDown())
    this.#tell()
  }

  /** Called after it was opened, shut, or led elsewhere. Gives the function that ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** As `net.connect`: the only call out by TCP. Fails like a connection when it is shut. */
  connect({ host, port, lookup = this.lookup as LookupFunction }: Destination): Socket {
    const way = this.#way
    if (!way) return failed(vpnDown())
    if (way.localAddress === undefined) return this.keep(connect({ host, port, lookup }))
    if (isIPv6(host)) return failed(new Error('there is no IPv6 where the VPN is bound'))
    return this.keep(
      connect({
        ...{ host, port, lookup, family: 4, localAddress: way.localAddress, autoSelectFamily: false },
      }),
    )
  }

  /** A connection that came in, or went out: ended when the door is shut. */
  keep(socket: Socket): Socket {
    if (!this.isOpen) return cut(socket)
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  #lookUp = (...asked: Parameters<LookupFunction>): void => {
    const [hostname, , done] = asked
    const way = this.#way
    // A literal address is no question to anybody.
    if (isIP(hostname) === 0 && !way) process.nextTick(() => done(vpnDown(), []))
    else if (way?.localAddress === undefined) systemLookup(...(asked as unknown as Parameters<typeof systemLookup>))
    else createBoundLookup(way.localAddress, this.#nameServers, this.signal)(...asked)
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/**
 * Ends a connection without another word. A farewell (FIN) would be repeated for minutes, after what was not sent yet,
 * and by whatever way the system then finds.
 */
function cut(socket: Socket): Socket {
  // Whoever held it hears `close`; an error that nobody listens for would end the agent.
  socket.on('error', () => {})
  // `resetAndDestroy` would send all that waits first, and a farewell too: what it has `destroy` do is all that is wanted.
  if (!socket.connecting && !socket.writableEnded) Object.assign(socket, { resetAndClosing: true })
  return socket.destroy()
}

function failed(error: Error): Socket {
  return new Socket().destroy(error)
}
