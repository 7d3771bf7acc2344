/** Pure: a magnet link (BEP 9) as somebody pasted it, and the same made anew of what we know in it. */
import type { InfoHash } from '#protocol/source.ts'

export type ReadMagnet = { infoHash: InfoHash; magnet: string; name: string | undefined; sizeBytes: number | undefined }

const MOST_TRACKERS = 30
const MOST_SEEDS = 10
const MOST_PEERS = 20

/** Undefined when it is none, or names no torrent of version 1. What else it says is left out. */
export function readMagnet(pasted: string): ReadMagnet | undefined {
  const text = pasted.trim()
  if (!/^magnet:\?/i.test(text)) return undefined
  const said = new URLSearchParams(text.slice('magnet:?'.length))
  const all = (name: string) =>
    [...said].filter(([key]) => key.replace(/\.\d+$/, '') === name).map(([, value]) => value)
  const infoHash = all('xt').flatMap((topic) => hashOf(topic) ?? [])[0]
  if (infoHash === undefined) return undefined
  const name = all('dn')[0]?.trim().slice(0, 300) || undefined
  const size = Number(all('xl')[0])
  const trackers = all('tr').filter((url) => isUrl(url, trackerProtocols))
  const seeds = [...all('ws'), ...all('as')].filter((url) => isUrl(url, webProtocols))
  const peers = all('x.pe').filter((peer) => /^(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+):\d{1,5}$/i.test(peer))
  return {
    infoHash,
    name,
    sizeBytes: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    magnet: magnetOf({ infoHash, name, trackers, seeds, peers }),
  }
}

type Parts = {
  infoHash: InfoHash
  name: string | undefined
  trackers: readonly string[]
  seeds: readonly string[]
  peers?: readonly string[]
}

/** As long as a source's may be: what does not fit is left out, trackers last. */
export function magnetOf({ infoHash, name, trackers, seeds, peers = [] }: Parts): string {
  const parts = [
    ...(name === undefined ? [] : [`dn=${encodeURIComponent(name.toWellFormed())}`]),
    ...trackers.slice(0, MOST_TRACKERS).map((url) => `tr=${encodeURIComponent(url.toWellFormed())}`),
    ...peers.slice(0, MOST_PEERS).map((peer) => `x.pe=${peer}`),
    ...seeds.slice(0, MOST_SEEDS).map((url) => `ws=${encodeURIComponent(url.toWellFormed())}`),
  ]
  return parts.reduce(
    (magnet, part) => (magnet.length + part.length < 8000 ? `${magnet}&${part}` : magnet),
    `magnet:?xt=urn:btih:${infoHash}`,
  )
}

const trackerProtocols = ['udp:', 'http:', 'https:', 'ws:', 'wss:']
const webProtocols = ['http:', 'https:']

export const isTrackerUrl = (url: string): boolean => isUrl(url, trackerProtocols)
export const isWebUrl = (url: string): boolean => isUrl(url, webProtocols)

const isUrl = (url: string, protocols: readonly string[]): boolean =>
  url.length <= 2000 && URL.canParse(url) && protocols.includes(new URL(url).protocol)

function hashOf(topic: string): InfoHash | undefined {
  const said = /^urn:btih:([0-9a-z]+)$/i.exec(topic)?.[1]?.toLowerCase()
  if (said === undefined) return undefined
  if (/^[0-9a-f]{40}$/.test(said)) return said
  return /^[a-z2-7]{32}$/.test(said) ? hexOfBase32(said) : undefined
}

/** RFC 4648, 32 characters to 20 bytes. */
function hexOfBase32(text: string): InfoHash {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const nibbles = Array.from({ length: 40 }, (_, at) => bits.slice(at * 4, at * 4 + 4))
  return nibbles.map((nibble) => Number.parseInt(nibble, 2).toString(16)).join('')
}
