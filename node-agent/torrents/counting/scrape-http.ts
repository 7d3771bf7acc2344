/** How many share torrents, asked of a tracker by HTTP (BEP 48). */
import bencode from 'bencode'
import * as z from 'zod'
import { type AskStrangers, fetchPublic, readAtMost } from '../swarm/fetch-public.ts'
import type { Swarm } from './count-swarms.ts'

/** As many as an address of two thousand characters holds. */
export const MOST_HASHES = 20
const MOST_ANSWER_BYTES = 64 * 1024
const PATIENCE_MILLISECONDS = 10_000

const count = z.int().nonnegative()
const Answer = z.object({ files: z.record(z.string(), z.object({ complete: count, incomplete: count }).catch(none())) })

/** Stands for what is no count. */
function none() {
  return { complete: -1, incomplete: -1 }
}

/** Undefined where a tracker has no such place: its last part is not `announce…` (BEP 48). */
export function scrapeAddress(announce: URL): URL | undefined {
  const [, before, rest] = /^(.*\/)announce([^/]*)$/.exec(announce.pathname) ?? []
  if (before === undefined) return undefined
  const address = new URL(announce)
  address.pathname = `${before}scrape${rest}`
  return address
}

/** Torrents that it says nothing of are left out. Rejects when it cannot be asked, or does not answer as it should. */
export async function scrapeHttp(
  announce: URL,
  infoHashes: readonly string[],
  ask: AskStrangers,
  signal: AbortSignal,
): Promise<Map<string, Swarm>> {
  const address = scrapeAddress(announce)
  if (!address) throw new Error('the tracker does not tell how many share')
  const some = infoHashes.slice(0, MOST_HASHES)
  const hashes = some.map((infoHash) => `info_hash=${infoHash.replace(/../g, '%$&')}`).join('&')
  const url = new URL(`${address.href}${address.search === '' ? '?' : '&'}${hashes}`)
  const ended = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)])
  const response = await fetchPublic(url, { headers: {}, signal: ended }, ask)
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`the tracker answers ${response.status}`)
  }
  const answer = Answer.safeParse(bencode.decode(await readAtMost(response, MOST_ANSWER_BYTES)))
  if (!answer.success) throw new Error('the tracker answers what is none')
  const { files } = answer.data
  return new Map(
    some.flatMap((infoHash) => {
      const key = keyOf(infoHash)
      const file = Object.hasOwn(files, key) ? files[key] : undefined
      if (!file || file.complete < 0) return []
      return [[infoHash, { seeders: file.complete, leechers: file.incomplete }] as const]
    }),
  )
}

/** bencode gives a key that is no text as hex digits. */
function keyOf(infoHash: string): string {
  const text = new TextDecoder().decode(Buffer.from(infoHash, 'hex'))
  return text.includes('\uFFFD') ? infoHash : text
}
