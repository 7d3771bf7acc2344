/** RSS 2.0, Atom, and what Torznab adds to RSS: each entry as far as it tells of a torrent. */
import { childrenOf, textOf, type XmlElement } from './read-xml.ts'

export type FeedEntry = {
  title: string
  /** Where its .torrent lies, or a magnet. */
  links: string[]
  /** 40 hex digits, lower case. */
  infoHash: string | undefined
  magnet: string | undefined
  sizeBytes: number | undefined
  seeders: number | undefined
  leechers: number | undefined
  /** Epoch seconds. */
  publishedAt: number | undefined
}

/** Undefined when it is neither. */
export function readFeed(root: XmlElement): FeedEntry[] | undefined {
  if (root.name === 'rss')
    return childrenOf(root, 'channel').flatMap((channel) => childrenOf(channel, 'item').map(entryOf))
  return root.name === 'feed' ? childrenOf(root, 'entry').map(entryOf) : undefined
}

/** Numbers of every shape that feeds give them: `torznab:attr`, `newznab:attr`, `nyaa:seeders`, `torrent:contentLength`. */
function entryOf(item: XmlElement): FeedEntry {
  const attributes = new Map(
    item.children
      .filter(({ name }) => name === 'torznab:attr' || name === 'newznab:attr')
      .map((one) => [one.attributes.get('name')?.toLowerCase() ?? '', one.attributes.get('value') ?? '']),
  )
  const any = (...names: string[]): string | undefined =>
    names.map((name) => attributes.get(name) ?? deepText(item, name)).find((text) => text !== undefined && text !== '')
  const enclosures = childrenOf(item, 'enclosure')
  const links = [
    ...enclosures.map((one) => one.attributes.get('url')),
    any('magneturl', 'magneturi'),
    textOf(item, 'link'),
    ...childrenOf(item, 'link').map((one) => one.attributes.get('href')),
    textOf(item, 'guid'),
  ].filter((link): link is string => link !== undefined && link !== '')
  const magnet = links.find((link) => link.startsWith('magnet:?') && link.length <= 8192)
  const peers = countOf(any('peers'))
  const seeders = countOf(any('seeders', 'seeds'))
  return {
    title: (textOf(item, 'title') ?? '').slice(0, 300),
    links: [...new Set(links)],
    magnet,
    infoHash: hashOf(any('infohash')) ?? hashOf(/urn:btih:([0-9a-z]{32,40})/i.exec(magnet ?? '')?.[1]),
    sizeBytes: countOf(any('size', 'contentlength') ?? enclosures[0]?.attributes.get('length')),
    seeders,
    // Torznab's peers are all of them, seeders among them.
    leechers: countOf(any('leechers')) ?? (peers === undefined ? undefined : Math.max(0, peers - (seeders ?? 0))),
    publishedAt: timeOf(any('pubdate', 'published', 'updated')),
  }
}

/** Of the first descendant by its name without the prefix. */
function deepText(element: XmlElement, name: string): string | undefined {
  for (const child of element.children) {
    if (child.name.split(':').at(-1) === name && child.text !== '') return child.text
    const within = child.children.length > 0 ? deepText(child, name) : undefined
    if (within !== undefined) return within
  }
  return undefined
}

const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined

function timeOf(text: string | undefined): number | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) || at < 0 ? undefined : Math.floor(at / 1000)
}

const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** Hex, or the base32 of old magnets (BEP 9). */
export function hashOf(text: string | undefined): string | undefined {
  const hash = text?.trim().toLowerCase() ?? ''
  if (/^[0-9a-f]{40}$/.test(hash)) return hash
  if (!/^[a-z2-7]{32}$/.test(hash)) return undefined
  const bits = [...hash].map((letter) => base32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return bits.replace(/.{4}/g, (four) => Number.parseInt(four, 2).toString(16))
}
