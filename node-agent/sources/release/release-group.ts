/** Who made a release, by its name, and which words of the name that takes. Pure. */
import type { NameToken } from './name-tokens.ts'

/** `maybe`: a word like `ITA` or `REAL`, which may also be a group's name. */
export type SaidOfWord = 'nothing' | 'maybe' | 'certain'
export type ReleaseGroup = { group: string; from: number; to: number }

/** Where it was found, not who made it. */
const sites = new Set('rarbg rartv eztv ettv tgx torrentgalaxy glodls ctrlhd publichd'.split(' '))
const isChecksum = (text: string) => /^[0-9a-f]{8}$/i.test(text)

/**
 * `saidOf` tells whether a word means something by itself; `end` is where the title ends. In the order of plainness:
 * `-GROUP` at the end, a bracket behind everything, the bracket before everything, the last word of the last bracket.
 */
export function releaseGroup(
  name: string,
  tokens: readonly NameToken[],
  end: number,
  saidOf: (at: number) => SaidOfWord,
): ReleaseGroup | undefined {
  let last = tokens.length - 1
  let tagged: ReleaseGroup | undefined
  let tags = 0
  while (last >= end && tags++ < 4) {
    const token = tokens[last]
    if (!token || (token.bracket !== '[' && token.bracket !== '{')) break
    let from = last
    // A word before, in the same bracket: nothing opens in between.
    while (from > 0 && tokens[from - 1]?.bracket === token.bracket && !/[[{]/.test(gap(name, tokens, from))) from--
    const words = name.slice(tokens[from]?.start ?? 0, token.end)
    if (anySaid(from, last + 1, saidOf) || last - from > 3) break
    if (!isChecksum(words) && !sites.has(tokens[from]?.text ?? '')) tagged = { group: words, from, to: last + 1 }
    last = from - 1
  }
  return bounded(
    dashed(name, tokens, last, end, saidOf) ?? tagged ?? leading(name, tokens, saidOf) ?? enclosed(tokens, end, saidOf),
  )
}

function dashed(
  name: string,
  tokens: readonly NameToken[],
  last: number,
  end: number,
  saidOf: (at: number) => SaidOfWord,
): ReleaseGroup | undefined {
  // A group's name may hold a dot or an underscore, hardly more.
  for (let from = last; from >= Math.max(end, 1) && from > last - 3; from--) {
    if (tokens[from]?.bracket !== '') return undefined
    const before = gap(name, tokens, from)
    if (saidOf(from) !== 'nothing' && !isNameAlone(tokens, from, last, before, saidOf)) return undefined
    if (before === '-' || before === ')-' || before === ']-') {
      return { group: name.slice(tokens[from]?.start, tokens[last]?.end), from, to: last + 1 }
    }
    if (before !== '.' && before !== '_' && before !== '@') return undefined
  }
  return undefined
}

/** `x264-ITA` is by a group of that name; `iTA-ENG` and `AAC-5.1` are not by one. */
const isNameAlone = (
  tokens: readonly NameToken[],
  from: number,
  last: number,
  before: string,
  saidOf: (at: number) => SaidOfWord,
) =>
  from === last &&
  before === '-' &&
  saidOf(from) === 'maybe' &&
  saidOf(from - 1) === 'certain' &&
  /^[a-z]/.test(tokens[from]?.text ?? '')

/** `[Group] Show - 12`. */
function leading(
  name: string,
  tokens: readonly NameToken[],
  saidOf: (at: number) => SaidOfWord,
): ReleaseGroup | undefined {
  if (!name.startsWith('[')) return undefined
  let to = 0
  while (tokens[to]?.bracket === '[' && (to === 0 || !gap(name, tokens, to).includes(']'))) to++
  if (to === 0 || to > 4 || to === tokens.length || anySaid(0, to, saidOf)) return undefined
  return { group: name.slice(tokens[0]?.start, tokens[to - 1]?.end), from: 0, to }
}

/** `(1080p BluRay x265 Group)`. */
function enclosed(
  tokens: readonly NameToken[],
  end: number,
  saidOf: (at: number) => SaidOfWord,
): ReleaseGroup | undefined {
  const at = tokens.length - 1
  const [before, token] = [tokens[at - 1], tokens[at]]
  if (!token || at <= end || token.bracket !== '(' || before?.bracket !== '(') return undefined
  if (saidOf(at) !== 'nothing' || saidOf(at - 1) === 'nothing' || !/^[a-z]/i.test(token.text)) return undefined
  return { group: token.raw, from: at, to: at + 1 }
}

const gap = (name: string, tokens: readonly NameToken[], at: number) =>
  name.slice(tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0)

function anySaid(from: number, to: number, saidOf: (at: number) => SaidOfWord): boolean {
  for (let at = from; at < to; at++) if (saidOf(at) !== 'nothing') return true
  return false
}

const bounded = (found: ReleaseGroup | undefined) =>
  found && found.group.length <= 60 && found.group !== '' ? found : undefined
