/** The door: nothing leaves while it is shut, what is connected ends with it, and all is bound to where it leads. */
import dgram from 'node:dgram'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../testing/until.ts'
import { says, startVpnService } from '../testing/vpn-services.ts'
import { Door } from './door.ts'
import { wallDatagrams } from './door-datagrams.ts'
import { createDoorFetch } from './door-fetch.ts'
import { createDoorServer, withDoorConnect, withDoorServer } from './door-server.ts'

const ANY = { localAddress: undefined }
const THERE = { localAddress: '127.0.0.55' }
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Remembers who called, and what became of it. */
async function startPeer() {
  const calls: { from: string | undefined; isOver: boolean; error?: string | undefined; socket: Socket }[] = []
  const server: Server = createServer((socket) => {
    const call: (typeof calls)[number] = { from: socket.remoteAddress, isOver: false, socket }
    calls.push(call)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      call.error = error.code
    })
    socket.on('close', () => {
      call.isOver = true
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  ends.push(
    () =>
      new Promise<void>((done) => {
        for (const { socket } of calls) socket.destroy()
        server.close(() => done())
      }),
  )
  return { calls, to: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } }
}

describe('a door', () => {
  it('lets nothing out by TCP while it is shut', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    const error = await new Promise<Error>((fail) => door.connect(to).once('error', fail))
    expect(error).toMatchObject({ code: 'vpn_down' })
    expect(calls).toEqual([])
  })

  it('binds what leaves to where it leads, and ends it when it is shut', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    door.unlock(THERE)
    const socket = door.connect(to)
    await until(() => calls.length === 1, 'a call')
    expect(calls[0]?.from).toBe('127.0.0.55')
    door.shut()
    await until(() => calls[0]?.isOver === true && socket.destroyed, 'its end')
  })

  it('ends by a reset, and sends nothing more of what still waits to be sent', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    door.unlock(ANY)
    const socket = door.connect(to)
    await until(() => calls.length === 1, 'a call')
    // Nobody reads at the other end: what its system does not take stays here.
    const bytes = 64 * 1024 * 1024
    socket.write(Buffer.alloc(bytes))
    const isOver = new Promise<void>((done) => socket.once('close', () => done()))
    door.shut()
    await isOver
    let received = 0
    calls[0]?.socket.on('data', (data) => {
      received += data.length
    })
    await until(() => calls[0]?.isOver === true, 'its end')
    expect(calls[0]?.error).toBe('ECONNRESET')
    expect(received).toBeLessThan(bytes)
  })

  it('ends what left the way before when it leads elsewhere', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    door.unlock(ANY)
    door.connect(to)
    await until(() => calls.length === 1, 'a call')
    const { signal } = door
    door.unlock(THERE)
    await until(() => calls[0]?.isOver === true, 'its end')
    expect(signal.aborted).toBe(true)
    expect(door.isOpen).toBe(true)
  })

  it('has no IPv6 where it is bound', async () => {
    const door = new Door()
    door.unlock(THERE)
    const error = await new Promise<Error>((fail) => door.connect({ host: '::1', port: 9 }).once('error', fail))
    expect(error.message).toContain('IPv6')
  })

  it('looks up no name while it is shut, and none by a name server on this machine where it is bound', async () => {
    const door = new Door(['127.0.0.53'])
    const failure = () =>
      new Promise<unknown>((done) => door.lookup('tracker.example', { family: 4 }, (error) => done(error)))
    expect(await failure()).toMatchObject({ code: 'vpn_down' })
    door.unlock(THERE)
    expect(await failure()).toMatchObject({ message: expect.stringContaining('PORCHLIGHT_VPN_DNS') })
  })

  it('lets whoever waits go on when it opens, until it is shut', async () => {
    const door = new Door()
    const waiting = door.open(new AbortController().signal)
    door.unlock(ANY)
    const mayLeave = await waiting
    expect(mayLeave.aborted).toBe(false)
    door.shut()
    expect(mayLeave.aborted).toBe(true)
  })

  it('lets whoever waits leave', async () => {
    const leaving = new AbortController()
    const waiting = new Door().open(leaving.signal)
    leaving.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
  })

  it('connects by net.connect only in the turn it was asked to', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    const net = (await import('node:net')).default
    withDoorConnect(door, () => net.connect(to).on('error', () => {}))
    const socket = net.connect(to)
    await until(() => calls.length === 1, 'the other call')
    socket.destroy()
    expect(calls).toHaveLength(1)
  })
})

describe('requests by the door', () => {
  const get = (door: Door, url: string) =>
    createDoorFetch(door)(new URL(url), {
      headers: { range: 'bytes=0-3' },
      signal: new AbortController().signal,
      mayLeadHome: true,
    })

  it('are refused while it is shut, and leave from its address when it is open', async () => {
    const service = await startVpnService(says('film'))
    ends.push(service.stop)
    const door = new Door()
    await expect(get(door, service.url)).rejects.toMatchObject({ code: 'vpn_down' })
    door.unlock(THERE)
    const response = await get(door, service.url)
    expect([response.status, await response.text()]).toEqual([200, 'film'])
    expect(service.askedFrom).toEqual(['127.0.0.55'])
  })

  it('fail like any other over TLS: shut, with nobody there, and cut in the middle of the handshake', async () => {
    const { calls, to } = await startPeer()
    const door = new Door()
    const url = `https://127.0.0.1:${to.port}/`
    await expect(get(door, url)).rejects.toMatchObject({ code: 'vpn_down' })
    door.unlock(ANY)
    const gone = await startVpnService(says(''))
    await gone.stop()
    await expect(get(door, gone.url.replace('http:', 'https:'))).rejects.toThrow('ECONNREFUSED')
    const waiting = get(door, url)
    const ended = expect(waiting).rejects.toThrow()
    await until(() => calls.length === 1, 'a call')
    door.shut()
    await ended
    await until(() => calls[0]?.isOver === true, 'its end')
    expect(calls[0]?.error).toBe('ECONNRESET')
  })

  it('end in the middle when it is shut', async () => {
    const service = await startVpnService((_request, response) => void response.writeHead(200).write('fi'))
    ends.push(service.stop)
    const door = new Door()
    door.unlock(ANY)
    const response = await get(door, service.url)
    const text = response.text()
    door.shut()
    await expect(text).rejects.toThrow()
  })
})

describe('datagrams by the door', () => {
  async function startHearing() {
    const heard: { text: string; from: string; port: number }[] = []
    const socket = dgram.createSocket('udp4')
    socket.on('message', (bytes, from) => heard.push({ text: bytes.toString(), from: from.address, port: from.port }))
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
    ends.push(() => socket.close())
    return { heard, port: socket.address().port, socket }
  }

  it('are lost while it is shut, and leave from where it leads, from one port, once it is open', async () => {
    const { heard, port, socket: other } = await startHearing()
    const door = new Door()
    ends.push(wallDatagrams(door))
    const socket = dgram.createSocket('udp4')
    ends.push(() => socket.close())
    const received: string[] = []
    socket.on('message', (bytes) => received.push(bytes.toString()))
    await new Promise<void>((done) => socket.bind(0, done))
    const own = socket.address().port
    await new Promise<void>((done) => socket.send(Buffer.from('lost'), port, '127.0.0.1', () => done()))
    door.unlock(THERE)
    socket.send(Buffer.from('xboundx'), 1, 5, port, '127.0.0.1')
    await until(() => heard.length === 1, 'a datagram')
    expect(heard).toEqual([{ text: 'bound', from: '127.0.0.55', port: own }])
    other.send('answer', own, '127.0.0.55')
    await until(() => received.length === 1, 'an answer')
    door.shut()
    await new Promise<void>((done) => socket.send(Buffer.from('lost'), port, '127.0.0.1', () => done()))
    door.unlock(ANY)
    socket.send(Buffer.from('again'), port, '127.0.0.1')
    await until(() => heard.length === 2, 'another')
    expect(heard[1]).toMatchObject({ text: 'again', port: own })
  })

  it('are lost where it leads to an address that this machine no longer has', async () => {
    const { heard, port } = await startHearing()
    const door = new Door()
    const unwall = wallDatagrams(door)
    const [bound, unbound] = [dgram.createSocket('udp4'), dgram.createSocket('udp4')]
    unwall()
    for (const socket of [bound, unbound]) {
      socket.on('error', () => {})
      ends.push(() => socket.close())
    }
    await new Promise<void>((done) => bound.bind(0, done))
    const { port: own } = bound.address()
    door.unlock({ localAddress: '192.0.2.77' })
    expect(bound.address().port).toBe(own)
    for (let round = 0; round < 20; round++) {
      for (const socket of [bound, unbound]) {
        await new Promise<void>((done) => {
          socket.send(Buffer.from('leak'), port, '127.0.0.1', () => done())
          setImmediate(done)
        })
      }
    }
    const honest = dgram.createSocket('udp4')
    ends.push(() => honest.close())
    honest.send(Buffer.from('last'), port, '127.0.0.1')
    await until(() => heard.length > 0, 'a datagram')
    expect(heard.map(({ text }) => text)).toEqual(['last'])
  })

  it('take another port when somebody has theirs there', async () => {
    const { heard, port } = await startHearing()
    const door = new Door()
    const unwall = wallDatagrams(door)
    const socket = dgram.createSocket('udp4')
    ends.push(() => socket.close())
    await new Promise<void>((done) => socket.bind(0, done))
    unwall()
    const taker = dgram.createSocket('udp4')
    ends.push(() => taker.close())
    await new Promise<void>((done) => taker.bind(socket.address().port, '127.0.0.55', done))
    door.unlock(THERE)
    // What is sent until it has moved is lost.
    await until(() => {
      socket.send(Buffer.from('moved'), port, '127.0.0.1')
      return heard.length > 0
    }, 'a datagram')
    expect(heard[0]?.port).not.toBe(taker.address().port)
  })
})

describe('the server behind the door', () => {
  const canReach = (host: string, port: number) =>
    new Promise<boolean>((done) => {
      const socket = connect({ host, port })
      socket.once('error', () => done(false))
      // Whoever is let in stays.
      socket.once('connect', () => {
        socket.once('close', () => done(false))
        socket.write('hello')
        socket.once('data', () => {
          done(true)
          socket.destroy()
        })
      })
    })

  it('lets nobody in while it is shut, listens where it leads, and keeps its port', async () => {
    const door = new Door()
    const failures: Error[] = []
    const net = (await import('node:net')).default
    const server = withDoorServer(
      door,
      (error) => failures.push(error),
      () => net.createServer(),
    )
    server.on('connection', (socket) => socket.on('error', () => {}).pipe(socket))
    await new Promise<void>((done) => server.listen(0, done))
    ends.push(() => new Promise<void>((done) => server.close(() => done())))
    const { port } = server.address() as AddressInfo
    expect(await canReach('127.0.0.1', port)).toBe(false)
    door.unlock(THERE)
    await until(() => (server.address() as AddressInfo | null)?.address === '127.0.0.55', 'the move')
    expect(await canReach('127.0.0.55', port)).toBe(true)
    expect(await canReach('127.0.0.1', port)).toBe(false)
    door.shut()
    door.unlock(ANY)
    await until(() => (server.address() as AddressInfo | null)?.address === '::', 'the move back')
    expect(await canReach('127.0.0.1', port)).toBe(true)
    expect(failures).toEqual([])
  })

  it('goes on when it cannot listen where it leads, and tries anew at the next change', async () => {
    const door = new Door()
    const failures: Error[] = []
    const server = createDoorServer(door, (error) => failures.push(error))
    await new Promise<void>((done) => server.listen(0, done))
    ends.push(() => new Promise<void>((done) => server.close(() => done())))
    door.unlock({ localAddress: '192.0.2.77' })
    await until(() => failures.length === 1, 'a failure')
    door.unlock(THERE)
    await until(() => (server.address() as AddressInfo | null)?.address === '127.0.0.55', 'the move')
  })
})
