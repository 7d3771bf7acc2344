/** The search for the nodes nearest to a target, among nodes that answer and nodes that do not. */
import type { KrpcAnswer, KrpcNode, Rpc } from 'bittorrent-dht'
import { expect, it } from 'vitest'
import { writeNodes } from './compact-address.ts'
import { searchNodes } from './search-nodes.ts'

const node = (distance: number) => ({ id: Buffer.alloc(20, distance), host: '2001:db8::1', port: distance })

/** Nodes by how far from zero they are, and whom each names; the others do not answer. Gives who was asked. */
function search(named: Record<number, number[]>, first: number): Promise<{ asked: number[]; answered: number }> {
  const asked: number[] = []
  const rpc = {
    id: Buffer.alloc(20, 255),
    k: 2,
    destroyed: false,
    nodes: { closest: () => [node(first)], remove() {} },
    socket: {
      query({ port }: KrpcNode, _query: object, done: (error: Error | null, answer: KrpcAnswer | null) => void) {
        asked.push(port)
        const names = named[port]
        const answer = names && { r: { id: Buffer.alloc(20, port), nodes6: writeNodes(names.map(node)) } }
        const error = Object.assign(new Error('Query timed out'), { code: 'ETIMEDOUT' })
        setImmediate(() => (answer ? done(null, answer) : done(error, null)))
      },
    },
  } as unknown as Rpc
  const query = { q: 'find_node', a: {} }
  return new Promise((resolve) =>
    searchNodes(rpc, Buffer.alloc(20), query, null, (_error, answered) => resolve({ asked, answered })),
  )
}

it('asks ever nearer nodes, each once', async () => {
  const { asked, answered } = await search({ 9: [7, 8], 7: [3, 9], 8: [7], 3: [7, 3] }, 9)
  expect(asked.toSorted()).toEqual([3, 7, 8, 9])
  expect(answered).toBe(4)
})

it('goes on beyond nodes that do not answer, however often they are named', async () => {
  const { asked, answered } = await search({ 9: [1, 2, 8], 8: [1, 2, 7], 7: [1, 2, 6], 6: [1, 2] }, 9)
  expect(asked.toSorted()).toEqual([1, 2, 6, 7, 8, 9])
  expect(answered).toBe(4)
})
