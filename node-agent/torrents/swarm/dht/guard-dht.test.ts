/** What a stranger sends to the DHT's port ends nothing, and honest nodes are answered. */
import { createSocket } from 'node:dgram'
import bencode from 'bencode'
import { Client } from 'bittorrent-dht'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../../../testing/until.ts'
import { guardDht, isKrpc } from './guard-dht.ts'

const id = Buffer.alloc(20, 1)
const t = Buffer.from('aa')
const query = (q: string, a: object) => ({ t, y: 'q', q, a: { id, ...a } })

describe('isKrpc', () => {
  it.each([
    ['ping', query('ping', {})],
    ['get_peers that wants IPv6', query('get_peers', { info_hash: id, want: ['n6'] })],
    ['announce_peer', query('announce_peer', { info_hash: id, token: t, port: 6881, implied_port: 0 })],
    ['an answer with peers', { t, y: 'r', r: { id, token: t, values: [Buffer.alloc(6)] } }],
    ['an answer with nodes and a version', { t, y: 'r', v: t, r: { id, nodes: Buffer.alloc(26) } }],
    ['a refusal', { t, y: 'e', e: [201, 'no'] }],
  ])('takes %s', (_what, message) => {
    expect(isKrpc(bencode.encode(message))).toBe(true)
  })

  it.each<[string, unknown]>([
    ['a number', 5],
    ['a list', [1, 2]],
    ['no transaction', { y: 'q', q: 'ping', a: { id } }],
    ['a query of an unknown name', query('vote', {})],
    ['a target that is a number', query('find_node', { target: 5 })],
    ['an info hash that is a number', query('get_peers', { info_hash: 5 })],
    ['an info hash that is short', query('get_peers', { info_hash: t })],
    ['a token that is a number', query('announce_peer', { info_hash: id, token: 5, port: 1 })],
    ['an id that is a list', { t, y: 'q', q: 'ping', a: { id: [] } }],
    ['no arguments', { t, y: 'q', q: 'ping' }],
    ['an answer whose id is a number', { t, y: 'r', r: { id: 5 } }],
    ['an answer that is a text', { t, y: 'r', r: 'yes' }],
    ['peers that are numbers', { t, y: 'r', r: { id, values: [1] } }],
  ])('leaves out %s', (_what, message) => {
    expect(isKrpc(bencode.encode(message))).toBe(false)
  })

  it('reads any bytes without an error', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void isKrpc(bytes)))
  })
})

describe('a node', () => {
  it('lives on after anything that can be sent to it', async () => {
    const node = new Client({ bootstrap: false })
    node.on('warning', () => {})
    guardDht(node._rpc.socket.socket)
    await new Promise<void>((done) => node.listen(0, '127.0.0.1', done))
    const stranger = createSocket('udp4')
    onTestFinished(async () => {
      stranger.close()
      await new Promise<void>((done) => node.destroy(done))
    })
    const { port } = node.address()
    const send = (message: unknown) =>
      new Promise((done) => stranger.send(bencode.encode(message), port, '127.0.0.1', done))
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom([], [1], {}, { id }),
    )
    const names = ['id', 'target', 'info_hash', 'token', 'port', 'v', 'k', 'salt', 'sig', 'seq', 'cas', 'implied_port']
    const message = fc.record({
      t: fc.oneof(fc.constant(t), value),
      y: fc.constantFrom('q', 'r', 'e'),
      q: fc.constantFrom('ping', 'find_node', 'get_peers', 'announce_peer', 'get', 'put'),
      a: fc.dictionary(fc.constantFrom(...names), value),
      r: fc.dictionary(fc.constantFrom('id', 'nodes', 'nodes6', 'values', 'token'), value),
    })
    await fc.assert(
      fc.asyncProperty(message, async (one) => void (await send(one))),
      { numRuns: 300 },
    )
    // Datagrams may be lost where many come at once.
    const answers: unknown[] = []
    stranger.on('message', (datagram) => answers.push(bencode.decode(datagram)))
    const last = Buffer.from('zz')
    await until(async () => {
      await send({ t: last, y: 'q', q: 'ping', a: { id } })
      return answers.some((answer) => last.equals((answer as { t: Uint8Array }).t))
    }, 'an answer')
  })
})
