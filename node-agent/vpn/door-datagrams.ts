/** Sockets for datagrams that stand behind the door: what is sent while it is shut is lost, as datagrams are. */
import dgram, { type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram'
import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Door } from './door.ts'

const createSocket = dgram.createSocket
type Sent = (error: Error | null, bytes: number) => void

/**
 * A socket of `dgram`, as far as those behind the door use one. It keeps its port and its listeners while the real one is
 * made anew wherever the door leads; while the door is shut that one is bound to this machine alone.
 */
export class DoorDatagrams extends EventEmitter {
  readonly #door: Door
  readonly #options: SocketOptions
  #real: Socket
  /** Where the owner wanted it; undefined until it is bound. */
  #wanted: { port: number; host: string | undefined } | undefined
  #isClosed = false
  #hasListened = false
  /** The real one is bound, or about to be. One that failed would bind itself to anything when it is first sent by. */
  #isPlaced = false
  #address: AddressInfo | undefined
  readonly #stop: () => void
  #groups: string[] = []

  constructor(options: SocketOptions, door: Door) {
    super()
    this.#door = door
    this.#options = { ...options, lookup: options.lookup ?? door.lookup }
    this.#real = this.#make()
    this.#stop = door.onChange(() => this.#remake())
  }

  bind(port?: unknown, host?: unknown, done?: unknown): this {
    const onListening = [port, host, done].find((one) => typeof one === 'function') as (() => void) | undefined
    if (onListening) this.once('listening', onListening)
    this.#wanted = {
      port: typeof port === 'number' ? port : 0,
      host: typeof host === 'string' ? host : undefined,
    }
    this.#bind()
    return this
  }

  /** `(bytes, port, host, done?)` or `(bytes, offset, length, port, host, done?)`. */
  send(bytes: Uint8Array, ...rest: unknown[]): void {
    const done = (typeof rest.at(-1) === 'function' ? rest.pop() : undefined) as Sent | undefined
    const [offset, length, port, host] = (rest.length > 2 ? rest : [0, bytes.length, ...rest]) as [
      number,
      number,
      number,
      string,
    ]
    if (this.#isClosed || !this.#maySend()) return void process.nextTick(() => done?.(null, 0))
    // Sockets bind themselves when they first send: to where the door leads, and nowhere else.
    if (!this.#wanted) this.bind()
    if (!this.#isPlaced) return void process.nextTick(() => done?.(null, 0))
    this.#real.send(bytes, offset, length, port, host, (error, sent) => done?.(error, sent))
  }

  /** As it was last, while the real one is made anew. */
  address(): AddressInfo {
    return this.#address ?? this.#real.address()
  }

  addMembership(group: string): void {
    this.#groups.push(group)
    // To join is to say so on the network.
    if (this.#maySend()) this.#join(group)
  }

  setMulticastTTL(ttl: number): void {
    this.#real.setMulticastTTL(ttl)
  }

  ref(): this {
    this.#real.ref()
    return this
  }

  unref(): this {
    this.#real.unref()
    return this
  }

  close(done?: () => void): this {
    if (this.#isClosed) return this
    this.#isClosed = true
    this.#stop()
    if (done) this.once('close', done)
    this.#real.removeAllListeners('close')
    this.#real.once('close', () => this.emit('close'))
    closeQuietly(this.#real)
    return this
  }

  /** A bound way has no IPv6 (see `Way`). */
  #maySend(): boolean {
    return this.#door.isOpen && (this.#door.localAddress() === undefined || this.#options.type === 'udp4')
  }

  #make(): Socket {
    const real = createSocket(this.#options)
    this.#isPlaced = false
    real.on('message', (bytes: Buffer, from: RemoteInfo) => {
      if (this.#door.isOpen && real === this.#real) this.emit('message', bytes, from)
    })
    // Without a listener it would throw, and the way may have gone between two turns.
    real.on('error', (error: NodeJS.ErrnoException) => {
      if (real !== this.#real || this.#isClosed) return
      if (error.syscall === 'bind') this.#isPlaced = false
      if (this.#hasListened && error.syscall === 'bind') this.#bindAnywhere()
      else if (this.listenerCount('error') > 0) this.emit('error', error)
    })
    return real
  }

  #bind(): void {
    if (!this.#wanted) return
    const { port, host } = this.#wanted
    const isIpv4 = this.#options.type === 'udp4'
    const away = this.#maySend() ? (this.#door.localAddress() ?? host) : isIpv4 ? '127.0.0.1' : '::1'
    const real = this.#real
    real.once('listening', () => {
      if (real !== this.#real || this.#isClosed) return
      this.#address = real.address()
      this.#wanted = { port: this.#address.port, host }
      if (this.#maySend()) for (const group of this.#groups) this.#join(group)
      if (this.#hasListened) return
      this.#hasListened = true
      this.emit('listening')
    })
    this.#isPlaced = true
    real.bind({ port, ...(away === undefined ? {} : { address: away }) })
  }

  /** Where the door leads now somebody else has the port; or the way has gone again, which the door will say. */
  #bindAnywhere(): void {
    if (this.#wanted?.port === 0) return
    this.#wanted = { port: 0, host: this.#wanted?.host }
    this.#remake()
  }

  #join(group: string): void {
    const localAddress = this.#door.localAddress()
    if (localAddress !== undefined) this.#real.setMulticastInterface(localAddress)
    this.#real.addMembership(group, localAddress)
  }

  #remake(): void {
    if (this.#isClosed) return
    const before = this.#real
    this.#real = this.#make()
    closeQuietly(before)
    this.#bind()
  }
}

function closeQuietly(socket: Socket): void {
  try {
    socket.close()
  } catch {
    // It was never bound, or is closed already.
  }
}

/**
 * From now on every socket for datagrams in this process stands behind the door: those of the swarm's packages (DHT,
 * trackers, local discovery) are made deep inside them, and the agent makes no others. Gives the function that ends it.
 */
export function wallDatagrams(door: Door): () => void {
  const behind = (
    options: SocketOptions | SocketOptions['type'],
    onMessage?: (bytes: Buffer, from: RemoteInfo) => void,
  ) => {
    const socket = new DoorDatagrams(typeof options === 'string' ? { type: options } : options, door)
    if (onMessage) socket.on('message', onMessage)
    return socket as unknown as Socket
  }
  Object.assign(dgram, { createSocket: behind })
  return () => void Object.assign(dgram, { createSocket })
}
