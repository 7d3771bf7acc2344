/** The search of BEP 5 for the nodes nearest to a target, by the `nodes6` of BEP 32: k-rpc's own reads IPv4 alone. */
import type { KrpcAnswer, KrpcNode, KrpcQuery, Rpc } from 'bittorrent-dht'
import { readNodes } from './compact-address.ts'

/** Asked at once; each has two seconds. */
const MOST_AT_ONCE = 8
/** Of one answer; honest ones name eight. */
const MOST_NAMED = 20
/** Of one search: whoever makes up ever nearer nodes ends it, and no more. */
const MOST_ASKED = 200

/**
 * `visit` hears every answer; when it says false no more are asked. `done` gets how many answered, once, when the
 * nearest have; never when the node is destroyed meanwhile.
 */
export function searchNodes(
  rpc: Rpc,
  target: Buffer,
  query: KrpcQuery,
  visit: ((answer: KrpcAnswer, from: KrpcNode) => boolean | undefined) | null,
  done: (error: Error | null, answered: number) => void,
): void {
  const known = new Map<string, KrpcNode>()
  const asked = new Set<string>()
  const message = { ...query, a: { ...query.a, id: rpc.id, want: ['n6'] } }
  let pending = 0
  let answered = 0
  let isStopped = false
  const add = (node: KrpcNode) => {
    if (!node.id?.equals(rpc.id)) known.set(keyOf(node), node)
  }
  const ask = (node: KrpcNode) => {
    asked.add(keyOf(node))
    pending++
    rpc.socket.query(node, message, (error, answer) => {
      pending--
      if (error && node.id && isGone(error)) rpc.nodes.remove(node.id)
      if (error && node.id) known.delete(keyOf(node))
      if (!error && answer?.r) {
        answered++
        add({ ...node, id: Buffer.from(answer.r.id) })
        for (const one of readNodes(answer.r.nodes6, MOST_NAMED)) {
          // Who did not answer is still named by others, and would keep farther nodes from being asked.
          if (!known.has(keyOf(one)) && !asked.has(keyOf(one))) add(one)
        }
        if (visit?.(answer, node) === false) isStopped = true
      }
      step()
    })
  }
  const step = () => {
    if (rpc.destroyed) return
    for (const node of nearest([...known.values()], target, rpc.k)) {
      if (isStopped || pending >= MOST_AT_ONCE || asked.size >= MOST_ASKED) break
      if (!asked.has(keyOf(node))) ask(node)
    }
    if (pending === 0) process.nextTick(() => done(null, answered))
  }
  for (const node of rpc.nodes.closest(target, rpc.k)) add(node)
  step()
}

const keyOf = ({ host, port }: KrpcNode) => `${host} ${port}`
const isGone = (error: Error & { code?: unknown }) => error.code === 'ETIMEDOUT' || error.code === 'EUNEXPECTEDNODE'

function nearest(nodes: KrpcNode[], target: Buffer, most: number): KrpcNode[] {
  const distance = ({ id }: KrpcNode) => Buffer.from(target.map((byte, at) => byte ^ (id?.[at] ?? 255)))
  return nodes
    .map((node) => ({ node, from: distance(node) }))
    .sort((a, b) => Buffer.compare(a.from, b.from))
    .slice(0, most)
    .map(({ node }) => node)
}
