/** archive.org: its search, its items and their torrents, with the fields that are missing, odd, or lists where a text should be. */
import { createHash } from 'node:crypto'
import bencode from 'bencode'
import { type StandInServer, sendJson, sendText, sendWithoutEnd, startStandInServer } from './stand-in-server.ts'

type ItemFile = { name: string; format: string; size?: string; length?: string; height?: string; source?: string }
export type ArchiveItem = {
  identifier: string
  title: unknown
  year?: unknown
  files: ItemFile[]
  /** What its torrent holds; the files unless said otherwise. */
  shared?: string[]
  /** Its torrent is its account's alone (BEP 27). */
  isPrivate?: boolean
}

export const nightOfTheLivingDead: ArchiveItem = {
  identifier: 'night_of_the_living_dead',
  title: 'Night of the Living Dead',
  year: '1968',
  files: [
    { name: 'night.mpeg', format: 'MPEG2', size: '3900000000', length: '5758.6', height: '480', source: 'original' },
    { name: 'night_512kb.mp4', format: '512Kb MPEG4', size: '386000000', length: '1:35:58', height: '240' },
    { name: 'night.mp4', format: 'h.264', size: '660000000', length: '5758.6', height: '480', source: 'derivative' },
    { name: 'night_trailer.mp4', format: 'h.264', size: '9000000', length: '121', height: '1080' },
    { name: 'night.thumbs/night_000001.jpg', format: 'Thumbnail', size: '7000' },
    { name: 'night_of_the_living_dead_archive.torrent', format: 'Archive BitTorrent', size: '41000' },
    { name: 'night_of_the_living_dead_meta.xml', format: 'Metadata' },
  ],
}

/** What it makes of an item: the .torrent and its hash. */
export function torrentOf({ identifier, files, shared, isPrivate }: ArchiveItem): { bytes: Buffer; infoHash: string } {
  const names = shared ?? files.map(({ name }) => name).filter((name) => !name.endsWith('.torrent'))
  const info = {
    collections: ['org.archive.night'],
    files: names.map((name) => ({ length: 1000, path: name.split('/') })),
    name: identifier,
    'piece length': 524_288,
    pieces: Buffer.alloc(20 * Math.ceil((names.length * 1000) / 524_288)),
    ...(isPrivate ? { private: 1 } : {}),
  }
  const bytes = bencode.encode({
    announce: 'http://bt1.archive.org:6969/announce',
    info,
    'url-list': ['https://archive.org/download/', 'http://ia800.us.archive.org/1/items/'],
  })
  return { bytes: Buffer.from(bytes), infoHash: createHash('sha1').update(bencode.encode(info)).digest('hex') }
}

/** `fault` says what goes wrong with the search, or with one item. */
export function startArchive(
  items: ArchiveItem[],
  fault?: 'busy' | 'html' | 'endless' | 'silent' | 'wrong-shape' | 'no-item' | 'no-torrent',
): Promise<StandInServer> {
  return startStandInServer((url, response) => {
    const [, first = '', identifier = ''] = url.pathname.split('/').map(decodeURIComponent)
    const item = items.find((one) => one.identifier === identifier)
    if (first === 'advancedsearch.php') {
      if (fault === 'busy') return response.writeHead(429, { 'retry-after': '60' }).end()
      if (fault === 'html') return sendText(response, '<html>Internet Archive is down for maintenance</html>')
      if (fault === 'endless') return sendWithoutEnd(response)
      if (fault === 'silent') return
      if (fault === 'wrong-shape') return sendJson(response, { error: 'Lucene syntax' })
      const docs = items.map(({ identifier: id, title, year }) => ({ identifier: id, title, year, downloads: 12 }))
      return sendJson(response, {
        responseHeader: { status: 0, QTime: 13 },
        response: { numFound: docs.length, start: 0, docs },
      })
    }
    if (first === 'metadata') {
      if (!item || fault === 'no-item') return sendJson(response, {})
      const { files } = item
      return sendJson(response, {
        created: 1_700_000_000,
        dir: `/1/items/${identifier}`,
        files,
        metadata: { identifier },
      })
    }
    if (first === 'download' && item && fault !== 'no-torrent') {
      // As the real one does, to whichever machine has it.
      if (!url.searchParams.has('node')) return response.writeHead(302, { location: `${url.pathname}?node=1` }).end()
      return sendText(response, torrentOf(item).bytes, 'application/x-bittorrent')
    }
    return sendText(response, 'Item not available', 'text/html', 404)
  })
}
