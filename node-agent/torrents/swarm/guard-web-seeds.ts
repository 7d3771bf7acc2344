/** Web seeds (BEP 19) asked for exactly the bytes that are wanted, wherever they lead, and left when they send others. */
import WebConn from 'webtorrent/lib/webconn.js'
import { type AskStrangers, fetchPublic, noGuard, readAtMost } from './fetch-public.ts'

const PATIENCE_MILLISECONDS = 60_000

let isGuarded = false
let strangers = noGuard

/**
 * webtorrent takes whatever a web seed answers: one that does not know ranges has it hold a whole film in memory, and
 * one that points elsewhere has it ask our neighbours. For all web seeds from now on; once is enough.
 * `ask`: how they are asked from now on, for all as well.
 */
export function guardWebSeeds(ask: AskStrangers = noGuard): void {
  strangers = ask
  if (isGuarded) return
  isGuarded = true
  WebConn.prototype.httpRequest = async function (piece, offset, length, done) {
    try {
      const torrent = this._torrent
      if (!torrent) throw new Error('the web seed is gone')
      const start = piece * torrent.pieceLength + offset
      const fetched: Uint8Array[] = []
      // One after another: what is asked for may lie across thousands of small files.
      for (const part of partsOf(this.url, torrent, { start, end: start + length })) fetched.push(await fetchPart(part))
      done(null, Buffer.concat(fetched))
    } catch (error) {
      done(error as Error)
    }
  }
}

type Part = { url: URL; start: number; end: number }

/** Ends are exclusive. */
function partsOf(
  seed: string,
  { files, path }: { files: readonly { path: string; offset: number; length: number }[]; path: string },
  wanted: { start: number; end: number },
): Part[] {
  const inside = (file: { path: string }) =>
    file.path.replace(path, '').split(/[/\\]/).filter(Boolean).map(encodeURIComponent).join('/')
  const isFile = files.length === 1 && !seed.endsWith('/')
  const urlOf = (file: { path: string }) =>
    new URL(isFile ? seed : `${seed}${seed.endsWith('/') ? '' : '/'}${inside(file)}`)
  return files
    .filter((file) => file.length > 0 && file.offset < wanted.end && file.offset + file.length > wanted.start)
    .map((file) => ({
      url: urlOf(file),
      start: Math.max(0, wanted.start - file.offset),
      end: Math.min(file.length, wanted.end - file.offset),
    }))
}

async function fetchPart({ url, start, end }: Part): Promise<Uint8Array> {
  const response = await fetchPublic(
    url,
    { headers: { range: `bytes=${start}-${end - 1}` }, signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) },
    strangers,
  )
  const isPart = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`)
  if (!isPart && !(response.status === 200 && start === 0)) {
    await response.body?.cancel()
    throw new Error(`the web seed answers ${response.status}`)
  }
  const bytes = await readAtMost(response, end - start)
  if (bytes.length !== end - start) throw new Error('the web seed answers with too little')
  return bytes
}
