/** Which episodes a file says it holds, by its own name and by the folders it lies in. Pure. */

/** One way to read a path; `from` and `to` are the first and last episode (inclusive). */
export type EpisodeReading = {
  /** Undefined when neither the name nor a folder says it. */
  season: number | undefined
  from: number
  to: number
  /** How plainly it is said: `S01E02`, `Episode 2`, a number among words, or `102` for the second of season one. */
  form: 'numbered' | 'worded' | 'bare' | 'compact'
}

/** Lists longer than this are no episode ranges but years, sizes or jokes. */
const MOST_EPISODES_IN_A_FILE = 100

// S01E02, S01.E02, S01E01E02, S01E01-E03, S01E01-03, S01E01-S01E03. The lookaheads keep "S01E02-720p" one episode.
const numbered =
  /(?<![a-z0-9])s(\d{1,4})[ ._-]{0,3}e(?:p[ ._]?)?(\d{1,5})(?:(?:[ ._]?[-&+~][ ._]?(?:s\d{1,4})?e?|[ ._]?e)(\d{1,5})(?![\dpix]))*/i
// 1x02, 1x02-03, 1x02x03, 1x02-1x03; never 1920x1080 and never x264.
const crossed = /(?<![a-z0-9])(\d{1,2})x(\d{2,3})(?!\d)(?:(?:[ ._]?[-&+~][ ._]?(?:\d{1,2}x)?|x)(\d{2,3})(?![\dpi]))*/i
const spelled = /season[ ._-]{0,3}(\d{1,4})[ ._,/-]{0,5}(?:episode|ep)[ ._-]{0,3}(\d{1,5})(?!\d)/i
const worded =
  /(?<![a-z])(?:episodes?|eps?|e|folge|episodio|cap[ií]tulo|серия|#)[ ._-]{0,3}(\d{1,5})(?:[ ._]?[-&~][ ._]?(?:ep?)?(\d{1,5}))?(?![\dpi])/iu
const counted = /第(\d{1,5})[話话集回]/u

const seasonWords =
  /(?<![a-z]|\d[ ._]?-[ ._]?)(?:s|season|saison|staffel|temporada|series)[ ._-]{0,3}(\d{1,4})(?!\d)(?!-s?\d)/i
const ordinalSeason = /(?<!\d)(\d{1,2})(?:st|nd|rd|th)[ ._-]season/i

/** Numbers in names that count no episodes: sizes, codecs, channels, checksums, years. */
const noise =
  /[[(][0-9a-f]{8}[\])]|\d{3,4}[pi](?![a-z])|\d{3,4}x\d{3,4}|[xh][ .]?26[456]|mp[34]|(?:19|20)\d\d(?!\d)|\d{1,2}[ ._-]?bits?|\d+(?:fps|kbps|hz|khz|mb|gb)|(?:aac|ac3|dd|ddp|dts|eac3|flac|opus)?[ ._-]?[124567]\.[012](?!\d)/gi

/** The readings of a path, the plainest first; none when it counts nothing. `path` is as the torrent names it. */
export function episodeReadings(path: string): EpisodeReading[] {
  const parts = path.split('/')
  const name = withoutExtension(parts.at(-1) ?? '')
  const folders = parts.slice(0, -1).reverse()
  const plain = [name, ...folders.slice(0, 1)].map(readNumbered).find((reading) => reading !== undefined)
  if (plain) return [plain]
  const season = [name, ...folders].map(seasonOf).find((one) => one !== undefined)
  const rest = name.replace(seasonWords, ' ').replace(ordinalSeason, ' ')
  const said = readWorded(rest, season)
  return said ? [said] : readBare(rest, season)
}

function readNumbered(text: string): EpisodeReading | undefined {
  for (const pattern of [numbered, crossed, spelled]) {
    const found = pattern.exec(text)
    if (!found) continue
    const season = Number(found[1])
    const reading = range(Number(found[2]), found[3], season, 'numbered')
    if (reading) return reading
  }
  return undefined
}

function readWorded(text: string, season: number | undefined): EpisodeReading | undefined {
  const found = counted.exec(text) ?? worded.exec(text)
  return found ? range(Number(found[1]), found[2], season, 'worded') : undefined
}

/** A number that stands by itself: after a dash (`Show - 012`), else at the start, else the last one of the name. */
function readBare(text: string, season: number | undefined): EpisodeReading[] {
  const clean = text.replace(noise, ' ')
  const found =
    /(?:^|[ ._])[-–][ ._](\d{1,4})(?:[ ._]?[-~][ ._]?(\d{1,4}))?(?:v\d)?(?![\da-z])/i.exec(clean) ??
    /^[ ._[]*(\d{1,4})(?:v\d)?(?![\da-z])/i.exec(clean) ??
    [...clean.matchAll(/(?<![\da-z]|\d\.)(\d{1,4})(?:v\d)?(?![\da-z]|\.\d)/gi)].at(-1)
  if (!found) return []
  const number = Number(found[1])
  const bare = range(number, found[2], season, 'bare')
  const isCompact = season === undefined && found[2] === undefined && /^[1-9]\d{2,3}$/.test(found[1] ?? '')
  const compact = isCompact ? range(number % 100, undefined, Math.floor(number / 100), 'compact') : undefined
  return [bare, compact].filter((reading) => reading !== undefined)
}

function range(
  from: number,
  last: string | undefined,
  season: number | undefined,
  form: EpisodeReading['form'],
): EpisodeReading | undefined {
  const to = last === undefined ? from : Number(last)
  // "S01E05-02" is not a range backwards: what stands behind is no episode.
  const isRange = to >= from && to - from < MOST_EPISODES_IN_A_FILE
  return { season, from, to: isRange ? to : from, form }
}

function seasonOf(text: string): number | undefined {
  if (/^specials?$/i.test(text)) return 0
  const found = seasonWords.exec(text) ?? ordinalSeason.exec(text)
  return found ? Number(found[1]) : undefined
}

const withoutExtension = (name: string) => name.replace(/\.[A-Za-z0-9]{1,5}$/, '')
