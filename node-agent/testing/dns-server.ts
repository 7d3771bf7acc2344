/** A name server on the loopback that answers TXT, A and AAAA from what a test gives it (RFC 1035, one question each). */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export type DnsRecord = { type: string; name: string; content: string }
const types: Record<number, string> = { 1: 'A', 16: 'TXT', 28: 'AAAA' }

/** `records` is asked for each question. `at` is host and port. */
export async function startDnsServer(records: () => DnsRecord[] | Promise<DnsRecord[]>) {
  const socket = createSocket('udp4')
  socket.on('message', async (query, from) => {
    const { name, type, end } = readQuestion(query)
    const found = (await records()).filter((record) => record.name === name && record.type === types[type])
    socket.send(writeAnswer(query.subarray(0, end), type, found), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    at: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise<void>((done) => socket.close(() => done())),
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function writeAnswer(question: Buffer, type: number, found: DnsRecord[]): Buffer {
  const head = Buffer.from(question)
  // A response with authority, recursion as it was asked; no extra records, whatever came (EDNS).
  head.writeUInt16BE(0x8400 | (head.readUInt16BE(2) & 0x0100), 2)
  head.writeUInt16BE(found.length, 6)
  head.writeUInt32BE(0, 8)
  const answers = found.map(({ content }) => {
    const data = dataOf(type, content)
    const answer = Buffer.alloc(12)
    answer.writeUInt16BE(0xc00c, 0)
    answer.writeUInt16BE(type, 2)
    answer.writeUInt16BE(1, 4)
    answer.writeUInt16BE(data.length, 10)
    return Buffer.concat([answer, data])
  })
  return Buffer.concat([head, ...answers])
}

function dataOf(type: number, content: string): Buffer {
  if (type === 1) return Buffer.from(content.split('.').map(Number))
  if (type === 16) {
    const text = Buffer.from(content.replaceAll('"', ''))
    return Buffer.concat([Buffer.of(text.length), text])
  }
  const [head = [], tail = []] = content.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
