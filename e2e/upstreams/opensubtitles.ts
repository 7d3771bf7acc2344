/** api.opensubtitles.com (REST v1): the search, the download in two steps, and the day's quota. */
import { type Answer, type Asked, json, newSecret, redirect, type StandIn, startStandIn } from './stand-in.ts'

export const OPENSUBTITLES_KEY = 'opensubtitles-key-under-test'

/** What it knows: one title in two languages. `file_id` says what its download is like. */
const files = {
  honest: 2_600_001,
  machineMade: 2_600_002,
  /** A page where a file should be. */
  notSubtitles: 2_600_003,
  tooLarge: 2_600_004,
  /** Its link leads to another host. */
  elsewhere: 2_600_005,
  latin1: 2_600_006,
  /** The connection ends in the middle of it. */
  brokenOff: 2_600_007,
}

const subtitle = (fileId: number, release: string, change: object = {}) => ({
  id: String(fileId - 1_000_000),
  type: 'subtitle',
  attributes: {
    subtitle_id: String(fileId - 1_000_000),
    language: 'de',
    download_count: 120,
    new_download_count: 3,
    hearing_impaired: false,
    hd: true,
    fps: 24.0,
    votes: 0,
    ratings: 0.0,
    from_trusted: true,
    foreign_parts_only: false,
    upload_date: '2019-04-02T07:11:54Z',
    ai_translated: false,
    machine_translated: false,
    release,
    comments: '',
    legacy_subtitle_id: null,
    uploader: { uploader_id: null, name: 'Anonymous', rank: 'anonymous' },
    feature_details: {
      feature_id: 514_811,
      feature_type: 'Movie',
      year: 2010,
      title: 'Sintel',
      movie_name: '2010 - Sintel',
      imdb_id: 1_727_587,
      tmdb_id: 45_745,
    },
    url: 'https://www.opensubtitles.com/en/subtitles/legacy/1',
    related_links: [],
    files: [{ file_id: fileId, cd_number: 1, file_name: `${release}.srt` }],
    ...change,
  },
})

const german = [
  subtitle(files.machineMade, 'Sintel.2010.AI', { download_count: 9000, ai_translated: true }),
  subtitle(files.honest, 'Sintel.2010.1080p', { download_count: 800 }),
  subtitle(files.latin1, 'Sintel.2010.SDH', { download_count: 20, hearing_impaired: true }),
  // Seen for real: no file behind it, and a count that is none.
  subtitle(0, 'Sintel.2010.gone', { files: [], download_count: null }),
]

const srt = (text: string) => `1\r\n00:00:01,000 --> 00:00:03,000\r\n${text}\r\n`

/** `POST /stand-in/quota { remaining }` says how many downloads are left. */
export function startOpenSubtitles(): Promise<StandIn> {
  const links = new Map<string, number>()
  let remaining = 1000

  function search({ query }: Asked, origin: string): Answer {
    const given = [...query.keys()]
    // As the real one does: parameters that are not sorted, or not in lower case, are sent to where they are.
    if (
      given.join() !== [...given].sort().join() ||
      [...query.values()].some((value) => value !== value.toLowerCase())
    ) {
      return redirect(`${origin}/api/v1/subtitles`)
    }
    const isKnown = query.get('query') === 'sintel' && query.get('year') === '2010' && query.get('languages') === 'de'
    const data = isKnown ? german : []
    return json(200, { total_pages: 1, total_count: data.length, per_page: 50, page: 1, data })
  }

  function download({ body }: Asked, origin: string): Answer {
    const fileId = Number(body.file_id)
    if (!Object.values(files).includes(fileId)) return json(404, { message: 'Not found', status: 404 })
    const quota = { requests: 1, reset_time: '23 hours', reset_time_utc: '2026-11-23T00:00:00Z' }
    if (remaining <= 0) {
      return json(406, { ...quota, remaining: -1, message: 'You have downloaded your allowed 5 subtitles for 24h.' })
    }
    remaining--
    const secret = newSecret()
    links.set(secret, fileId)
    const host = fileId === files.elsewhere ? 'http://169.254.169.254' : origin
    const link = `${host}/download/${secret}/subfile/Sintel.srt`
    return json(200, { ...quota, link, file_name: 'Sintel.srt', remaining, message: 'Your quota will be renewed' })
  }

  return startStandIn((asked, origin) => {
    const { method, path, headers } = asked
    if (path === '/stand-in/quota') {
      remaining = Number(asked.body.remaining)
      return { status: 204 }
    }
    const secret = /^\/download\/([0-9a-f]+)\/subfile\//.exec(path)?.[1]
    if (secret) return fileOf(links.get(secret), headers['api-key'] !== undefined)
    if (headers['api-key'] !== OPENSUBTITLES_KEY) return json(403, { message: 'You cannot consume this service' })
    if (!/^\S+ v\S+$/.test(headers['user-agent'] ?? '')) return json(403, { message: 'User-Agent is missing' })
    if (path === '/api/v1/subtitles' && method === 'GET') return search(asked, origin)
    if (path === '/api/v1/download' && method === 'POST') return download(asked, origin)
    return json(404, { message: 'Not found' })
  })
}

/** The key has no business on the host of the files. */
function fileOf(fileId: number | undefined, hasKey: boolean): Answer {
  if (fileId === undefined || hasKey) return { status: 410, text: 'invalid or expired link' }
  if (fileId === files.notSubtitles) return { status: 200, text: '<html><body>Are you a robot?</body></html>' }
  if (fileId === files.tooLarge) return { status: 200, text: srt('x'.repeat(700_000)) }
  if (fileId === files.brokenOff) return { status: 200, text: srt('Guten'), headers: { 'content-length': '5000' } }
  return { status: 200, text: srt(`Guten Tag ${fileId}`) }
}
