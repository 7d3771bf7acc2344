/** Reads the name of a release: what it holds, in which quality, by whom. Pure, in one pass, and it never throws. */
import { MOST_LANGUAGES, type Release, ReleaseContainer } from '#protocol/release.ts'
import { type NameToken, nameTokens } from './name-tokens.ts'
import { releaseCount } from './release-count.ts'
import { releaseGroup, type SaidOfWord } from './release-group.ts'
import { type Hit, hitsOf } from './release-words.ts'

/** Names longer than a file system allows say nothing more behind that. */
const MOST_CHARACTERS = 400

/** `thisYear`: films of the year after next are titles that count, like `Blade Runner 2049`. */
export function parseRelease(fullName: string, thisYear: number): Release {
  const { name, container } = withoutWrapping(fullName.slice(0, MOST_CHARACTERS))
  const tokens = nameTokens(name)
  const hits = hitsOf(tokens)
  const start = titleStart(name, tokens)
  const count = releaseCount(name, tokens, start)
  const firstCertain = hits.find(({ from, isCertain }) => isCertain && from >= start)?.from ?? tokens.length
  const firstSure = Math.min(firstCertain, count?.at ?? tokens.length)
  const year = yearOf(tokens, start, firstSure, thisYear)
  const end = year !== undefined && year.at < firstSure ? year.at : walkBack(hits, tokens, firstSure, start)
  const tail =
    count?.facts.episodes || count?.facts.airedOn
      ? behindEpisodeName(hits, tokens.length, count.at + count.words, end)
      : end
  const saidOf = said(hits, tokens.length, year?.at, count)
  const group = end < tokens.length || start > 0 ? releaseGroup(name, tokens, end, saidOf) : undefined
  const isInGroup = (hit: Hit) => group !== undefined && hit.from >= group.from && hit.from < group.to
  return {
    title: titleOf(name, tokens, start, end),
    ...(year === undefined ? {} : { year: year.year }),
    ...count?.facts,
    ...merged(hits.filter((hit) => (hit.isCertain || hit.from >= tail) && !isInGroup(hit))),
    ...(group === undefined ? {} : { group: group.group }),
    ...(container === undefined ? {} : { container }),
  }
}

/** Endings of what is no film; whoever lists the files asks about those (`doubts-of-release.ts`). */
const besides = /\.(?:torrent|exe|scr|bat|lnk|zip|7z|nfo|txt|srt|(?:part\d{1,3}\.)?rar|r\d\d)$/i

/** Without the ending of a file, and without the site that somebody put before it. */
function withoutWrapping(fullName: string): { name: string; container: Release['container'] } {
  let name = (fullName.split('/').at(-1) || fullName).trim().replace(/【/g, '[').replace(/】/g, ']')
  name = name.replace(besides, '')
  const ending = /\.([a-z0-9]{2,4})$/i.exec(name)?.[1]?.toLowerCase()
  const spelled = ending === 'm4v' ? 'mp4' : ending === 'mpeg' ? 'mpg' : ending
  const container = ReleaseContainer.options.find((one) => one === spelled)
  if (container !== undefined) name = name.slice(0, -(ending?.length ?? 0) - 1)
  const site = /^[[({ ]*www[ .][^\])} ]{1,60}[\])} -]{1,5}/i.exec(name)
  if (site) name = name.slice(site[0].length)
  return { name, container }
}

/** The first word behind `[Group]`, or the first of all where nothing else is left. */
function titleStart(name: string, tokens: readonly NameToken[]): number {
  if (!name.startsWith('[')) return 0
  const close = name.indexOf(']')
  const start = tokens.findIndex((token) => token.start > close)
  return close < 0 || start < 0 || tokens[start]?.bracket === '[' ? 0 : start
}

/** The last year before anything else is said, one in brackets first; else the first one behind it. */
function yearOf(tokens: readonly NameToken[], start: number, firstSure: number, thisYear: number) {
  let before: { at: number; year: number; isBracketed: boolean } | undefined
  for (let at = start + 1; at < tokens.length; at++) {
    const token = tokens[at]
    if (token?.text.length !== 4 || !/^(?:18[7-9]|19\d|20\d)\d$/.test(token.text)) continue
    const year = Number(token.text)
    if (year > thisYear + 1) continue
    const isBracketed = token.bracket !== ''
    if (at >= firstSure) return before ?? { at, year, isBracketed }
    // The first of `(1999-2004)`.
    if (before?.at === at - 1 && isBracketed && before.isBracketed) continue
    if (!before || isBracketed || !before.isBracketed) before = { at, year, isBracketed }
  }
  return before
}

/** `Film.FRENCH.DVDRip`: what stands in capitals right before the first certain word is said, not part of the title. */
function walkBack(hits: readonly Hit[], tokens: readonly NameToken[], end: number, start: number): number {
  let at = end
  if (at >= tokens.length) return at
  for (let n = hits.length - 1; n >= 0; n--) {
    const hit = hits[n]
    if (!hit || hit.from >= at) continue
    const token = tokens[hit.from]
    if (hit.to !== at || hit.from <= start || !(token?.bracket || /[A-Z].*[A-Z]/.test(token?.raw ?? ''))) break
    at = hit.from
  }
  return at
}

/** Between `S01E02` and the first certain word an episode's name may stand, with words that say nothing in it. */
function behindEpisodeName(hits: readonly Hit[], length: number, start: number, end: number): number {
  const first = hits.findIndex(({ from, isCertain }) => isCertain && from >= start)
  let at = hits[first]?.from ?? length
  if (first < 0) return end
  for (let n = first - 1; n >= 0; n--) {
    const hit = hits[n]
    if (!hit || hit.to !== at || hit.from < start) break
    at = hit.from
  }
  return at
}

/** What each word is: nothing known, a word that could also be a name, or one that could not. */
function said(
  hits: readonly Hit[],
  length: number,
  yearAt: number | undefined,
  count: { at: number; words: number } | undefined,
): (at: number) => SaidOfWord {
  const marks: SaidOfWord[] = new Array(length).fill('nothing')
  for (const { from, to, isCertain } of hits) marks.fill(isCertain ? 'certain' : 'maybe', from, to)
  if (yearAt !== undefined) marks[yearAt] = 'certain'
  if (count) marks.fill('certain', count.at, count.at + count.words)
  return (at) => marks[at] ?? 'nothing'
}

function titleOf(name: string, tokens: readonly NameToken[], start: number, end: number): string {
  const first = tokens[start]
  const last = tokens[end - 1]
  if (!first || !last || end <= start) return ''
  // The dot of an abbreviation that ends the title is lost with the separator.
  const text = name.slice(first.start, last.end)
  const spaced = text.includes(' ') ? text.replace(/_/g, ' ') : text.replace(/[._]/g, ' ')
  return spaced
    .replace(/[ \t]+/g, ' ')
    .trim()
    .slice(0, 200)
}

/** The first word on a thing wins; lists grow. */
function merged(hits: readonly Hit[]): Omit<Release, 'title'> {
  const facts: Omit<Release, 'title'> = { hdr: [], audioCodecs: [], languages: [], subtitles: [], editions: [] }
  let implied: number | undefined
  let subtitlesUntil = -1
  hits.forEach((hit, n) => {
    const { said } = hit
    add(facts.hdr, said.hdr)
    add(facts.audioCodecs, said.audioCodecs)
    add(facts.editions, said.editions)
    add(facts.subtitles, said.subtitles)
    implied ??= said.impliedHeightPixels
    if (said.realCount !== undefined) facts.realCount = Math.min(9, (facts.realCount ?? 0) + said.realCount)
    takeFirst(facts, said)
    if (hit.is === 'subtitles') {
      facts.hasSubtitles = true
      subtitlesUntil = hit.to
    }
    if (said.languages === undefined) return
    const isBehind = hit.from === subtitlesUntil
    if (isBehind) subtitlesUntil = hit.to
    add(isBehind || isBeforeSubtitles(hits, n) ? facts.subtitles : facts.languages, said.languages)
  })
  if (facts.heightPixels === undefined && implied !== undefined) facts.heightPixels = implied
  if (facts.languages.length > 1) facts.isMultilingual = true
  return facts
}

function add<T>(list: T[], more: readonly T[] | undefined): void {
  if (more) for (const one of more) if (!list.includes(one) && list.length < MOST_LANGUAGES) list.push(one)
}

const grown = new Set(['hdr', 'audioCodecs', 'editions', 'subtitles', 'languages', 'impliedHeightPixels', 'realCount'])

function takeFirst(facts: Omit<Release, 'title'>, said: Hit['said']): void {
  for (const key in said) {
    if (grown.has(key) || (key in facts && !(key === 'threeD' && facts.threeD === '3d'))) continue
    Object.assign(facts, { [key]: said[key as keyof typeof said] })
  }
}

/** `ITA SUBS` are Italian subtitles, unless more is said behind: `ITA SUBS ENG`. */
function isBeforeSubtitles(hits: readonly Hit[], n: number): boolean {
  const [hit, next, after] = [hits[n], hits[n + 1], hits[n + 2]]
  if (!hit || next?.is !== 'subtitles' || next.from !== hit.to) return false
  return !(after?.said.languages !== undefined && after.from === next.to)
}
