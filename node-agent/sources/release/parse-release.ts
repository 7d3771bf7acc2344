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
  const release: Release = {
    title: titleOf(name, tokens, start, end),
    hdr: [],
    audioCodecs: [],
    languages: [],
    subtitles: [],
    editions: [],
  }
  if (year !== undefined) release.year = year.year
  if (count) Object.assign(release, count.facts)
  merge(
    release,
    hits.filter(
      ({ from, isCertain }) => (isCertain || from >= tail) && !(group && from >= group.from && from < group.to),
    ),
  )
  if (group !== undefined) release.group = group.group
  if (container !== undefined) release.container = container
  return release
}

/** Endings of what is no film; whoever lists the files asks about those (`doubts-of-release.ts`). */
const besides = new Set('torrent exe scr bat lnk zip 7z nfo txt srt rar'.split(' '))
const containers = new Map<string, NonNullable<Release['container']>>([
  ...ReleaseContainer.options.map((one) => [one, one] as const),
  ['m4v', 'mp4'],
  ['mpeg', 'mpg'],
])

/** Without the ending of a file, and without the site that somebody put before it. */
function withoutWrapping(fullName: string): { name: string; container: Release['container'] } {
  let name = (fullName.slice(fullName.lastIndexOf('/') + 1) || fullName).trim()
  if (name.includes('【')) name = name.replace(/【/g, '[').replace(/】/g, ']')
  if (besides.has(endingOf(name)) || /^r\d\d$/.test(endingOf(name))) name = withoutEnding(name)
  if (/^part\d{1,3}$/.test(endingOf(name))) name = withoutEnding(name)
  const container = containers.get(endingOf(name))
  if (container !== undefined) name = withoutEnding(name)
  const site = /^[[({ ]*www[ .][^\])} ]{1,60}[\])} -]{1,5}/i.exec(name)
  if (site) name = name.slice(site[0].length)
  return { name, container }
}

/** Lower case, without its dot; empty where what stands behind the last dot is longer than an ending is. */
function endingOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 0 || name.length - dot > 8 ? '' : name.slice(dot + 1).toLowerCase()
}

const withoutEnding = (name: string) => name.slice(0, name.lastIndexOf('.'))

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
function merge(release: Release, hits: readonly Hit[]): void {
  let implied: number | undefined
  let subtitlesUntil = -1
  for (const [n, hit] of hits.entries()) {
    const { said } = hit
    add(release.hdr, said.hdr)
    add(release.audioCodecs, said.audioCodecs)
    add(release.editions, said.editions)
    add(release.subtitles, said.subtitles)
    implied ??= said.impliedHeightPixels
    if (said.realCount !== undefined) release.realCount = Math.min(9, (release.realCount ?? 0) + said.realCount)
    takeFirst(release, said)
    if (hit.is === 'subtitles') {
      release.hasSubtitles = true
      subtitlesUntil = hit.to
    }
    if (said.languages === undefined) continue
    const isBehind = hit.from === subtitlesUntil
    if (isBehind) subtitlesUntil = hit.to
    add(isBehind || isBeforeSubtitles(hits, n) ? release.subtitles : release.languages, said.languages)
  }
  if (release.heightPixels === undefined && implied !== undefined) release.heightPixels = implied
  if (release.languages.length > 1) release.isMultilingual = true
}

function add<T>(list: T[], more: readonly T[] | undefined): void {
  if (more) for (const one of more) if (!list.includes(one) && list.length < MOST_LANGUAGES) list.push(one)
}

const grown = new Set(['hdr', 'audioCodecs', 'editions', 'subtitles', 'languages', 'impliedHeightPixels', 'realCount'])

function takeFirst(release: Record<string, unknown>, said: Readonly<Record<string, unknown>>): void {
  for (const key in said) {
    // `3D` gives way to the word that says how.
    if (!grown.has(key) && (!(key in release) || release[key] === '3d')) release[key] = said[key]
  }
}

/** `ITA SUBS` are Italian subtitles, unless more is said behind: `ITA SUBS ENG`. */
function isBeforeSubtitles(hits: readonly Hit[], n: number): boolean {
  const [hit, next, after] = [hits[n], hits[n + 1], hits[n + 2]]
  if (!hit || next?.is !== 'subtitles' || next.from !== hit.to) return false
  return !(after?.said.languages !== undefined && after.from === next.to)
}
