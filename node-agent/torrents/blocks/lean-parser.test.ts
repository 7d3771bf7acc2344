/** The lean parser gives the same messages as bittorrent-protocol's own, however the bytes are cut, and bounds them. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import Wire from 'bittorrent-protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLean } from './lean-parser.ts'
import type { SwarmWire } from './swarm-surface.ts'

const message = (id: number, payload: Uint8Array) => {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(payload.length + 1)
  header[4] = id
  return Buffer.concat([header, payload])
}
const handshake = Buffer.concat([Buffer.from('\x13BitTorrent protocol'), Buffer.alloc(8), randomBytes(40)])

/** Blocks are looked at when they are heard; anything else when all is over, as somebody who keeps it would. */
function listen(wire: Wire): (() => string)[] {
  const heard: (() => string)[] = []
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  wire.on('piece', (piece: number, offset: number, bytes: Uint8Array) => {
    const line = `piece ${piece} ${offset} ${hex(bytes)}`
    heard.push(() => line)
  })
  for (const event of ['keep-alive', 'choke', 'unchoke', 'have']) {
    wire.on(event, (what?: unknown) => heard.push(() => `${event} ${typeof what === 'number' ? what : ''}`))
  }
  wire.on('unknownmessage', (message: Uint8Array) => heard.push(() => `unknown ${hex(message)}`))
  wire.on('bitfield', (field: { buffer: Uint8Array }) => heard.push(() => `bitfield ${hex(field.buffer)}`))
  return heard
}

function hear(bytes: Uint8Array, cuts: number[], prepare: (wire: Wire) => void): string[] {
  const wire = new Wire('tcpOutgoing')
  prepare(wire)
  const heard = listen(wire)
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
  for (let index = 1; index < at.length; index++) {
    const chunk = Uint8Array.from(bytes.subarray(at[index - 1], at[index]))
    const isLean = Object.hasOwn(wire, '_write')
    ;(wire as unknown as SwarmWire)._write(chunk, () => {})
    // The next bytes are read into the same memory.
    if (isLean) chunk.fill(0xee)
  }
  const lines = heard.map((line) => line())
  wire.destroy()
  return lines
}

const anyMessage = fc.oneof(
  fc.constant(Buffer.alloc(4)),
  fc.constantFrom(0, 1, 2, 3).map((id) => message(id, new Uint8Array())),
  fc.nat(1000).map((piece) => {
    const payload = Buffer.alloc(4)
    payload.writeUInt32BE(piece)
    return message(4, payload)
  }),
  fc.uint8Array({ minLength: 8, maxLength: 300 }).map((payload) => message(7, payload)),
  fc.uint8Array({ minLength: 3, maxLength: 40 }).map((payload) => message(5, payload)),
  fc
    .tuple(fc.integer({ min: 21, max: 255 }), fc.uint8Array({ maxLength: 50 }))
    .map(([id, payload]) => message(id, payload)),
)

describe('parseLean', () => {
  it('hears what the original hears', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 20 }),
        fc.array(fc.nat(5000), { maxLength: 12 }),
        (messages, cuts) => {
          const bytes = Buffer.concat([handshake, ...messages])
          const expected = hear(bytes, [], () => {})
          expect(hear(bytes, cuts, (wire) => parseLean(wire as unknown as SwarmWire))).toEqual(expected)
        },
      ),
    )
  })

  it('takes over in the middle of a stream, as it does after the handshake', () => {
    const bytes = Buffer.concat([handshake, message(7, randomBytes(100)), message(7, randomBytes(200))])
    const takeOver = (wire: Wire) => {
      wire.once('handshake', () => parseLean(wire as unknown as SwarmWire))
    }
    for (const cut of [70, 100, 173, 180, 300]) expect(hear(bytes, [cut], takeOver)).toEqual(hear(bytes, [], () => {}))
  })

  it('ends a peer that announces a message longer than any can be, before it has buffered it', async () => {
    const wire = new Wire('tcpOutgoing')
    parseLean(wire as unknown as SwarmWire)
    const huge = Buffer.alloc(4)
    huge.writeUInt32BE(512 * 1024 * 1024)
    const ended = once(wire, 'finish')
    ;(wire as unknown as SwarmWire)._write(Buffer.concat([handshake, huge, Buffer.alloc(1000)]), () => {})
    await ended
  })

  it('never throws on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.array(fc.nat(2000), { maxLength: 8 }), (garbage, cuts) => {
        hear(Buffer.concat([handshake, garbage]), cuts, (wire) => parseLean(wire as unknown as SwarmWire))
      }),
    )
  })
})
