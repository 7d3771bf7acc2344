/** Which playlists and segments a player reads first, and fetching them all beside one another. */
import { resourcePath } from '#protocol/stream-url.ts'
import { fetchEarly, fetchEarlySegment, forgetEarly } from './early-loads.ts'
import { masterIn } from './master-tracks.ts'

/** hls.js takes the next segment when so little of this one is left. */
const NEARLY_OVER_SECONDS = 0.25

/** As media playlists of ours name them (`hls/playlists.ts`). */
const FIRST_OF_ALL = ['init.mp4', '0.m4s']

/** Of the stream that was begun last, by URL. */
const texts = new Map<string, Promise<string>>()

/** Of the master at `resource` and of what it names first. */
export function fetchPlaylists(streamUrl: string, resource: string): void {
  const urls = firstPlaylists(resource).map((path) => `${streamUrl}/${path}`)
  forgetEarly((url) => urls.includes(url))
  for (const url of texts.keys()) if (!urls.includes(url)) texts.delete(url)
  for (const url of urls) {
    if (texts.has(url)) continue
    const text = fetchEarly(url)
    text.catch(() => texts.delete(url))
    texts.set(url, text)
  }
}

/** What stands at this place, of the picture and of the sound. Of several pictures hls.js chooses one by the line. */
export function fetchFirstPieces(streamUrl: string, resource: string, atSeconds: number): void {
  const [, ...playlists] = firstPlaylists(resource).map((path) => `${streamUrl}/${path}`)
  const pictures = masterIn(resource)?.renditions.filter(({ kind }) => kind === 'video') ?? []
  if (pictures.length !== 1) return
  if (atSeconds === 0) {
    // Where a film begins is known without its playlists.
    for (const url of playlists) for (const piece of FIRST_OF_ALL) fetchEarlySegment(new URL(piece, url).href)
    return
  }
  for (const url of playlists) {
    const fetchPieces = (text: string) => {
      for (const piece of piecesAt(text, atSeconds)) fetchEarlySegment(new URL(piece, url).href)
    }
    texts.get(url)?.then(fetchPieces, () => undefined)
  }
}

/** Pure: paths beneath the stream's URL: the master, each picture, and the first sound. */
export function firstPlaylists(resource: string): string[] {
  const master = masterIn(resource)
  if (!master) return []
  const { cutBy, renditions } = master
  const sound = renditions.find(({ kind }) => kind === 'audio')
  const first = renditions.filter((one) => one.kind === 'video' || one === sound)
  const paths = first.map((rendition) => resourcePath({ kind: 'playlist', rendition, ...(cutBy && { cutBy }) }))
  return [resource, ...paths]
}

/** Pure: the init segment and the segment that a film begins with at this place, as a media playlist of ours names them. */
export function piecesAt(playlist: string, atSeconds: number): string[] {
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1]
  let endSeconds = 0
  let segment: string | undefined
  for (const [, seconds, uri] of playlist.matchAll(/#EXTINF:([\d.]+),[^\n]*\n([^#\n]+)/g)) {
    segment = uri
    endSeconds += Number(seconds)
    if (endSeconds - NEARLY_OVER_SECONDS > atSeconds) break
  }
  return [init, segment].filter((one) => one !== undefined)
}
