/** Which seasons and episodes the name of a release counts, and where the counting begins. Pure. */
import type { Release } from '#protocol/release.ts'
import { episodeReadings } from '../../episode-name.ts'
import type { NameToken } from './name-tokens.ts'

export type ReleaseCount = {
  facts: Pick<Release, 'seasons' | 'episodes' | 'absolute' | 'airedOn' | 'version'>
  /** The first word that counts: the title ends before it. */
  at: number
  /** Words from `at` on that are used up. */
  words: number
}

type Span = { from: number; to: number }

const seasonWords = new Set(
  'season seasons saison saisons staffel temporada temporadas stagione series сезон'.split(' '),
)
const episodeWords = new Set('episode episodes ep eps folge episodio capitulo capítulo серия'.split(' '))
/** More is no pack but a misunderstanding. */
const MOST_SEASONS = 60

/** Undefined when the name counts nothing. `start` is the first word of the title. */
export function releaseCount(name: string, tokens: readonly NameToken[], start: number): ReleaseCount | undefined {
  for (let at = start; at < tokens.length; at++) {
    const count = countAt(name, tokens, at)
    if (count) return count
  }
  return absoluteCount(name, tokens, start)
}

function countAt(name: string, tokens: readonly NameToken[], at: number): ReleaseCount | undefined {
  const { text = '' } = tokens[at] ?? {}
  const first = text.charCodeAt(0)
  if (first >= 48 && first <= 57) {
    if (/^\d{1,2}x\d{2,3}/.test(text)) return episodeCount(name, at, 1)
    return dateAt(tokens, at)
  }
  if (first === 115 && /^s\d/.test(text)) {
    if (/^s\d{1,4}e/.test(text) || /^e(?:p?\d|p$)/.test(tokens[at + 1]?.text ?? '')) return episodeCount(name, at, 2)
    return packAt(name, tokens, at, text.slice(1))
  }
  const next = tokens[at + 1]?.text ?? ''
  if (seasonWords.has(text) && /^\d{1,2}$/.test(next)) {
    const isOfOne = episodeWords.has(tokens[at + 2]?.text ?? '') || /^ep?\d/.test(tokens[at + 2]?.text ?? '')
    if (isOfOne) return episodeCount(name, at, 4)
    const pack = packAt(name, tokens, at + 1, next)
    return pack && { ...pack, at, words: pack.words + 1 }
  }
  if ((first === 101 && /^e(?:p|pisode)?\d{1,5}$/.test(text)) || (episodeWords.has(text) && /^\d{1,5}$/.test(next))) {
    return at > 0 ? episodeCount(name, at, 2) : undefined
  }
  return first > 127 && text.includes('第') ? episodeCount(name, at, 1) : undefined
}

function episodeCount(name: string, at: number, words: number): ReleaseCount | undefined {
  const [reading] = episodeReadings(name)
  if (!reading || (reading.form !== 'numbered' && reading.form !== 'worded')) return undefined
  const { season, from, to } = reading
  return {
    at,
    words,
    facts: { episodes: { from, to }, ...(season === undefined ? {} : { seasons: { from: season, to: season } }) },
  }
}

/** `S01`, `S01-S03`, `S01-03`, `S01S02S03`, and the same numbers behind a word. */
function packAt(name: string, tokens: readonly NameToken[], at: number, number: string): ReleaseCount | undefined {
  const glued = /^\d{1,2}(?:s\d{1,2}){1,20}$/.test(number) ? number.split('s').map(Number) : undefined
  if (glued) return asPack(at, 1, { from: Math.min(...glued), to: Math.max(...glued) })
  if (!/^(?:\d{1,2}|(?:19|20)\d\d)$/.test(number)) return undefined
  const from = Number(number)
  const until = /^s?(\d{1,2})$/.exec(tokens[at + 1]?.text ?? '')
  // `Show S2 - 05` is an episode, `S02-S05` is a range.
  if (until && !until[0].startsWith('s') && /^[ ._]+[-–][ ._]+$/.test(between(name, tokens, at))) {
    const episode = Number(until[1])
    return { at, words: 2, facts: { seasons: { from, to: from }, episodes: { from: episode, to: episode } } }
  }
  const isRange = until !== null && /^ ?[-~+&] ?$/.test(between(name, tokens, at))
  const to = isRange ? Number(until[1]) : from
  if (to > from && to - from < MOST_SEASONS) return asPack(at, 2, { from, to })
  return asPack(at, 1, { from, to: from })
}

const asPack = (at: number, words: number, seasons: Span): ReleaseCount => ({ at, words, facts: { seasons } })

/** `2024.03.15`, of a show that is on every day. */
function dateAt(tokens: readonly NameToken[], at: number): ReleaseCount | undefined {
  const year = tokens[at]?.text ?? ''
  if (at === 0 || year.length !== 4 || !/^(?:19|20)\d\d$/.test(year)) return undefined
  const [month, day] = [tokens[at + 1]?.text, tokens[at + 2]?.text]
  if (!/^(?:0[1-9]|1[0-2])$/.test(month ?? '') || !/^(?:0[1-9]|[12]\d|3[01])$/.test(day ?? '')) return undefined
  return { at, words: 3, facts: { airedOn: `${year}-${month}-${day}` } }
}

/** `Show - 012`, `[Group] Show (01-12)`, `[Group] Show 12v2 [1080p]`: counted through all seasons. */
function absoluteCount(name: string, tokens: readonly NameToken[], start: number): ReleaseCount | undefined {
  for (let at = Math.max(1, start + 1); at < tokens.length; at++) {
    const token = tokens[at]
    const first = token?.text.charCodeAt(0) ?? 0
    const number = token && first >= 48 && first <= 57 && /^(\d{1,4})(?:v(\d))?$/.exec(token.text)
    if (!token || !number) continue
    const isYear = /^(?:19|20)\d\d$/.test(token.text)
    const next = tokens[at + 1]
    const until = next && /^\d{1,4}$/.test(next.text) && /^ ?[-~] ?$/.test(between(name, tokens, at)) ? next : undefined
    const isDashed = /^[ ._]+[-–][ ._]+$/.test(between(name, tokens, at - 1)) && !isYear
    const isList = until !== undefined && token.bracket !== '' && !isYear
    const isByGroup = start > 0 && token.bracket === '' && !isYear && (next === undefined || next.bracket !== '')
    if (!isDashed && !isList && !isByGroup) continue
    const [from, to] = [Number(number[1]), until ? Number(until.text) : Number(number[1])]
    const version = Number(number[2]) || undefined
    const absolute = to >= from ? { from, to } : { from, to: from }
    return { at, words: until ? 2 : 1, facts: { absolute, ...(version === undefined ? {} : { version }) } }
  }
  return undefined
}

/** What stands between a word and the next. */
const between = (name: string, tokens: readonly NameToken[], at: number) =>
  name.slice(tokens[at]?.end ?? 0, tokens[at + 1]?.start ?? 0)
