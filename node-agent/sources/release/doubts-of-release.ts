/** Why a release may not be the film that it is offered as: fakes, traps and mix-ups. Pure. */
import { type Release, ReleaseContainer, type ReleaseDoubt } from '#protocol/release.ts'
import { type SizedRelease, sizeDoubt } from './estimate-quality.ts'
import { parseRelease } from './parse-release.ts'

export type OfferedAs = {
  /** All names that the title has, in any language. */
  names: readonly string[]
  year: number | undefined
  runtimeMinutes: number | undefined
}
export type ReleaseFile = { path: string; sizeBytes: number }

const executables = new Set(
  'exe scr bat cmd com msi vbs vbe js jse ps1 lnk apk jar dmg pkg wsf pif hta reg url scf'.split(' '),
)
const archives = /\.(?:rar|zip|7z|tar|gz|bz2|xz|ace|cab|r\d\d|z\d\d|\d{3})$/i
const password = /passw(?:or[dt]|d)|mot[ ._-]?de[ ._-]?passe|contrase|парол|codec[ ._-]?(?:pack|setup|install)/i
const films = new Set<string>([...ReleaseContainer.options, 'm4v', 'mpeg'])
/** What plays for longer than a sample, at the least of bits. */
const LEAST_FILM_BYTES_A_MINUTE = 400_000
/** A film is released in one year and shown in the next. */
const YEARS_APART = 1
/** More are looked at by nobody. */
const MOST_FILES = 10_000

/** None is no proof that all is well. `files` are undefined while nobody has the .torrent. */
export function doubtsOfRelease(
  release: Release,
  sizeBytes: number | undefined,
  offeredAs: OfferedAs,
  files: readonly ReleaseFile[] | undefined,
  thisYear: number,
): ReleaseDoubt[] {
  const sized: SizedRelease = { ...release, sizeBytes, runtimeMinutes: offeredAs.runtimeMinutes }
  const doubts = [
    sizeDoubt(sized),
    isOtherTitle(release.title, offeredAs.names) ? 'other_title' : undefined,
    isOtherYear(release, offeredAs.year) ? 'other_year' : undefined,
    release.isDisc || release.container === 'iso' ? 'is_disc' : undefined,
    release.isSample ? 'only_sample' : undefined,
    ...(files ? doubtsOfFiles(files.slice(0, MOST_FILES), offeredAs, thisYear) : []),
  ] as const
  return [...new Set(doubts.filter((doubt) => doubt !== undefined))]
}

function doubtsOfFiles(
  files: readonly ReleaseFile[],
  offeredAs: OfferedAs,
  thisYear: number,
): (ReleaseDoubt | undefined)[] {
  const shown = files.filter(({ path }) => films.has(endingOf(path)))
  const whole = shown.filter(({ path }) => !/(?:^|[/ ._[(-])(?:sample|trailer)(?:[/ ._\])-]|$)/i.test(path))
  const largest = whole.reduce<ReleaseFile | undefined>(
    (best, file) => (best === undefined || file.sizeBytes > best.sizeBytes ? file : best),
    undefined,
  )
  const least = (offeredAs.runtimeMinutes ?? 0) * LEAST_FILM_BYTES_A_MINUTE
  const isShort = largest !== undefined && largest.sizeBytes < least
  const isPacked = files.some(({ path }) => archives.test(path))
  return [
    files.some(({ path }) => executables.has(endingOf(path))) ? 'has_executable' : undefined,
    files.some(({ path }) => password.test(path)) ? 'asks_for_password' : undefined,
    whole.length === 0 && isPacked ? 'only_archives' : undefined,
    shown.length > 0 && (whole.length === 0 || isShort) ? 'only_sample' : undefined,
    shown.length === 0 && !isPacked && files.length > 0 ? 'no_film' : undefined,
    largest && isOtherTitle(parseRelease(largest.path, thisYear).title, offeredAs.names) ? 'other_title' : undefined,
  ]
}

const endingOf = (path: string) => path.slice(path.lastIndexOf('.') + 1).toLowerCase()

function isOtherYear({ year, seasons, episodes, airedOn }: Release, wanted: number | undefined): boolean {
  // A show's year is that of its beginning, or of the season.
  if (year === undefined || wanted === undefined || seasons || episodes || airedOn) return false
  return Math.abs(year - wanted) > YEARS_APART
}

/** Fewer than half of the words in common with every name. A name that says nothing speaks against nothing. */
function isOtherTitle(title: string, names: readonly string[]): boolean {
  const said = wordsOf(title)
  // `00001.m2ts` has no name.
  if (said.size === 0 || !/\p{L}/u.test(title)) return false
  const known = names.map(wordsOf).filter((words) => words.size > 0)
  return known.length > 0 && !known.some((words) => isAlike(said, words))
}

function isAlike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  let common = 0
  for (const word of one) if (other.has(word)) common++
  return common * 2 >= Math.min(one.size, other.size) && common * 3 >= Math.max(one.size, other.size)
}

const articles = new Set(['the', 'a', 'an', 'of', 'and'])

/** Without signs, accents and small words; a name of small words alone keeps them. */
function wordsOf(name: string): ReadonlySet<string> {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}'’`]/gu, '')
    .toLowerCase()
  const all = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  const large = all.filter((word) => !articles.has(word))
  return new Set(large.length > 0 ? large : all)
}
