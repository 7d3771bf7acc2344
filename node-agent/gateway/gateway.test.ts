/** A port opened at the router: the messages, a router on the loopback that speaks them, and the lease. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLog } from '../log.ts'
import { askByUpnp } from './ask-by-upnp.ts'
import { askRouter } from './ask-router.ts'
import { routerIn } from './default-router.ts'
import { type Mapped, type MapWish, readAnswer, writeNatPmpMap, writePcpMap } from './port-control.ts'
import { type AskForMapping, createPortMapping } from './port-mapping.ts'
import { isPublicIpv4 } from './public-address.ts'

const nonce = Buffer.from('abcdefghijkl')
const wish: MapWish = { internalPort: 8789, externalPort: 8789, lifetimeSeconds: 3600 }
const log = createLog(() => {})

type Speaks = { pcp?: 'yes' | 'refuses'; natPmp?: boolean; garbage?: boolean; loses?: number }

/** Gives port 40000 and 198.41.0.4, and writes down what it was asked. */
async function startRouter(speaks: Speaks) {
  const socket = createSocket('udp4')
  const heard: Buffer[] = []
  let losses = speaks.loses ?? 0
  socket.on('message', (message, from) => {
    heard.push(message)
    if (losses-- > 0) return
    const answer = answerOf(message, speaks)
    if (speaks.garbage) for (const junk of junkFor(message)) socket.send(junk, from.port, from.address)
    if (answer) socket.send(answer, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return { router: { address: '127.0.0.1', port: socket.address().port }, heard }
}

function answerOf(message: Buffer, { pcp, natPmp }: Speaks): Buffer | undefined {
  if (message[0] === 2) {
    if (!pcp) return natPmp ? Buffer.from([0, 0x80, 0, 1, 0, 0, 0, 9]) : undefined
    const answer = Buffer.from(message)
    answer.writeUInt8(0x81, 1)
    answer.writeUInt8(pcp === 'refuses' ? 2 : 0, 3)
    answer.writeUInt32BE(message.readUInt32BE(4) === 0 ? 0 : 1200, 4)
    answer.writeUInt16BE(40_000, 42)
    answer.set([198, 41, 0, 4], 56)
    return answer
  }
  if (!natPmp) return undefined
  if (message[1] === 0) return Buffer.from([0, 0x80, 0, 0, 0, 0, 0, 9, 198, 41, 0, 4])
  const answer = Buffer.alloc(16)
  answer.writeUInt8(0x82, 1)
  answer.writeUInt16BE(message.readUInt16BE(4), 8)
  answer.writeUInt16BE(40_000, 10)
  answer.writeUInt32BE(1200, 12)
  return answer
}

/** Answers to somebody else's requests, cut ones, and nothing. */
function junkFor(message: Buffer): Buffer[] {
  const others = Buffer.from(message)
  others.writeUInt8(0x81, 1)
  if (others.length >= 60) others.set(Buffer.from('lkjihgfedcba'), 24)
  return [Buffer.alloc(0), Buffer.from([2]), others, Buffer.from([7, 0x81, 0, 0, 0, 0, 0, 0])]
}

const given = { externalPort: 40_000, lifetimeSeconds: 1200, address: '198.41.0.4' }

describe('a router', () => {
  it.each<[string, Speaks, Required<Mapped> | undefined, number]>([
    ['that speaks PCP gives in one question', { pcp: 'yes' }, given, 1],
    ['that speaks NAT-PMP alone is asked in its words', { natPmp: true }, given, 3],
    ['that loses the first question is asked again', { pcp: 'yes', loses: 1 }, given, 2],
    ['among whose answers are others’ is heard', { pcp: 'yes', garbage: true }, given, 1],
    ['that speaks neither gives nothing', {}, undefined, 3],
  ])('%s', async (_what, speaks, answer, questions) => {
    const { router, heard } = await startRouter(speaks)
    // Patient where an answer comes, for however busy this machine is.
    const triesMs = answer === undefined ? [20, 20, 20] : undefined
    expect(await askRouter(router, wish, nonce, triesMs)).toEqual(answer)
    expect(heard).toHaveLength(questions)
  })

  it('that refuses is not asked in other words', async () => {
    const { router, heard } = await startRouter({ pcp: 'refuses', natPmp: true })
    expect(await askRouter(router, wish, nonce)).toBeUndefined()
    expect(heard.every((message) => message[0] === 2)).toBe(true)
  })

  it('that is none gives nothing', async () => {
    expect(await askRouter({ address: '127.0.0.1', port: 9 }, wish, nonce, [20, 20, 20])).toBeUndefined()
  })

  it('is told who asks, for which port, and for how long', () => {
    const pcp = writePcpMap(wish, '192.168.1.20', nonce)
    expect([pcp[0], pcp[1], pcp.readUInt32BE(4), pcp[36], pcp.readUInt16BE(40), pcp.readUInt16BE(42)]).toEqual([
      2, 1, 3600, 6, 8789, 8789,
    ])
    expect(pcp.subarray(8, 24).toString('hex')).toBe('00000000000000000000ffffc0a80114')
    expect(pcp.subarray(24, 36).equals(nonce)).toBe(true)
    expect(writeNatPmpMap({ ...wish, lifetimeSeconds: 0 }).toString('hex')).toBe('000200002255000000000000')
  })

  it('can say whatever it likes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const answer = readAnswer(bytes, { internalPort: 8789, nonce })
        if (answer && 'externalPort' in answer && bytes[0] === 2) {
          expect(Buffer.from(bytes.subarray(24, 36)).equals(nonce)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0', '192.168.1.1'],
    [
      'wlan0\t00000000\tFE00000A\t0003\t0\t0\t600\t00000000\t0\t0\t0\neth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      '192.168.1.1',
    ],
    ['eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0', undefined],
    ['tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0', undefined],
    ['', undefined],
  ])('stands in the table of routes', (lines, router) => {
    expect(
      routerIn(`Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n${lines}`),
    ).toBe(router)
  })
})

describe('a router that speaks UPnP', () => {
  /** An InternetGatewayDevice: its description, and the calls it was made. */
  async function startGateway(refuses = false) {
    const calls: string[] = []
    const server = createServer(async (request, response) => {
      if (request.url === '/root.xml') return void response.end(description)
      const action = /#(\w+)/.exec(String(request.headers.soapaction))?.[1] ?? ''
      const text = Buffer.concat(await request.toArray()).toString()
      calls.push(`${action} ${/<NewExternalPort>(\d*)/.exec(text)?.[1] ?? ''}`.trim())
      if (refuses) return void response.writeHead(500).end(fault)
      const inside = action === 'GetExternalIPAddress' ? '<NewExternalIPAddress>198.41.0.4</NewExternalIPAddress>' : ''
      response.end(envelope(`<u:${action}Response xmlns:u="${service}">${inside}</u:${action}Response>`))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/root.xml`
    const open = async () => {
      const [{ default: Client }, { default: Device }] = await Promise.all([
        import('@silentbot1/nat-api/lib/upnp/index.js'),
        import('@silentbot1/nat-api/lib/upnp/device.js'),
      ])
      // Found by multicast in a home; in a test it is where the test says.
      const client = new Client()
      client.findGateway = async () => ({ gateway: new Device({ url }), address: '127.0.0.1' })
      return client
    }
    return { open, calls }
  }
  const service = 'urn:schemas-upnp-org:service:WANIPConnection:1'
  const envelope = (body: string) =>
    `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
  const fault = envelope(
    '<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError><errorCode>718</errorCode></UPnPError></detail></s:Fault>',
  )
  const description = `<?xml version="1.0"?><root><device><serviceList><service><serviceType>${service}</serviceType><controlURL>/control</controlURL><SCPDURL>/scpd.xml</SCPDURL></service></serviceList></device></root>`

  it('gives the port, tells its address, and takes the port back', async () => {
    const { open, calls } = await startGateway()
    expect(await askByUpnp(wish, open)).toEqual({ externalPort: 8789, lifetimeSeconds: 3600, address: '198.41.0.4' })
    await askByUpnp({ ...wish, lifetimeSeconds: 0 }, open)
    expect(calls).toEqual(['AddPortMapping 8789', 'GetExternalIPAddress', 'DeletePortMapping 8789'])
  })

  it('gives nothing when the port is another machine’s', async () => {
    const { open } = await startGateway(true)
    expect(await askByUpnp(wish, open)).toBeUndefined()
  })
})

describe('the lease of a port', () => {
  const keeping = (answers: (Required<Mapped> | undefined)[], other?: AskForMapping) => {
    const clock = { now: 1000 }
    const asked: MapWish[] = []
    const way: AskForMapping = async (one) => {
      asked.push(one)
      return one.lifetimeSeconds === 0 ? undefined : answers.shift()
    }
    return { clock, asked, mapping: createPortMapping(other ? [way, other] : [way], () => clock.now, log) }
  }

  it('is renewed at its half, at the port that was given, and given back at the end', async () => {
    const { mapping, clock, asked } = keeping([given, given])
    await mapping.tend(8789)
    await mapping.tend(8789)
    expect(mapping.outside()).toEqual({ address: '198.41.0.4', port: 40_000 })
    clock.now += 600
    await mapping.tend(8789)
    await mapping.close()
    expect(asked.map(({ externalPort, lifetimeSeconds }) => [externalPort, lifetimeSeconds])).toEqual([
      [8789, 3600],
      [40_000, 3600],
      [40_000, 0],
    ])
    expect(mapping.outside()).toBeUndefined()
  })

  it('is over when it could not be renewed, and asked for again later', async () => {
    const { mapping, clock, asked } = keeping([given, undefined, undefined, given])
    await mapping.tend(8789)
    clock.now += 600
    await mapping.tend(8789)
    expect(mapping.outside()).toBeDefined()
    clock.now += 600
    expect(mapping.outside()).toBeUndefined()
    await mapping.tend(8789)
    await mapping.tend(8789)
    expect(asked).toHaveLength(3)
    clock.now += 600
    await mapping.tend(8789)
    expect(mapping.outside()).toBeDefined()
  })

  it('comes by the second way where the first gives nothing', async () => {
    const { mapping } = keeping([undefined], async () => given)
    await mapping.tend(8789)
    expect(mapping.outside()).toEqual({ address: '198.41.0.4', port: 40_000 })
  })

  it.each(['100.72.3.4', '192.168.0.2', '10.0.0.1', '0.0.0.0', '203.0.113.7', '240.0.0.1'])(
    'is nothing to announce behind another router, whose address is %s',
    async (address) => {
      const { mapping } = keeping([{ ...given, address }])
      await mapping.tend(8789)
      expect(mapping.outside()).toBeUndefined()
    },
  )

  it('knows an address that the world can call', () => {
    expect(['198.41.0.4', '100.63.255.255', '100.128.0.1', '8.8.8.8'].every(isPublicIpv4)).toBe(true)
    expect(['', 'example.org', '::1', '256.1.1.1', '198.18.0.1', '224.0.0.1'].some(isPublicIpv4)).toBe(false)
  })
})
