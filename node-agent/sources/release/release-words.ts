/** Finds what the words of a release name say, word by word and phrase by phrase. Pure. */
import type { ReleaseAudioCodec } from '#protocol/release.ts'
import { languageCodes, languageWords } from './languages.ts'
import type { NameToken } from './name-tokens.ts'
import { longestFrom, phrases, type Said } from './vocabulary.ts'

export type Hit = {
  /** Words, `to` not within. */
  from: number
  to: number
  said: Said
  /** No title would hold it. */
  isCertain: boolean
  is?: 'subtitles'
}

const subtitleWords = new Set('sub subs subtitles subtitle subtitled sous-titres untertitel'.split(' '))
const containers = new Map((['mkv', 'mp4', 'avi', 'webm'] as const).map((one) => [one as string, one]))
const heights = new Set([360, 480, 540, 576, 720, 1080, 1440, 2160, 4320])
/** Two capitals that mean a language without another beside them. */
const plainCodes = new Set(['PL', 'CZ', 'HU', 'RU', 'UA', 'NL', 'JP', 'KR', 'CN'])

export function hitsOf(tokens: readonly NameToken[]): Hit[] {
  const hits: Hit[] = []
  for (let at = 0; at < tokens.length; ) {
    const hit = hitAt(tokens, at, hits.at(-1))
    if (hit) hits.push(hit)
    at = hit ? hit.to : at + 1
  }
  return hits
}

function hitAt(tokens: readonly NameToken[], at: number, before: Hit | undefined): Hit | undefined {
  const token = tokens[at]
  if (!token) return undefined
  const { text, raw } = token
  const phrase = phraseAt(tokens, at)
  if (phrase) return phrase
  const first = text.charCodeAt(0)
  if (first >= 48 && first <= 57) return numberAt(tokens, at, before)
  if (subtitleWords.has(text)) return { from: at, to: at + 1, said: {}, isCertain: false, is: 'subtitles' }
  const language = languageWords.get(text) ?? (raw.length === 2 ? codeAt(tokens, at) : undefined)
  if (language !== undefined) return { from: at, to: at + 1, said: { languages: [language] }, isCertain: false }
  const container = containers.get(text)
  if (container !== undefined) return { from: at, to: at + 1, said: { container }, isCertain: false }
  const last = text.charCodeAt(text.length - 1)
  if (last >= 48 && last <= 57) return soundAt(tokens, at) ?? joinedAt(token, at)
  return joinedAt(token, at)
}

function phraseAt(tokens: readonly NameToken[], at: number): Hit | undefined {
  const first = tokens[at]?.text ?? ''
  const longest = longestFrom.get(first)
  if (longest === undefined) return undefined
  let best: Hit | undefined
  let text = first
  for (let words = 1; ; words++) {
    const phrase = phrases.get(text)
    if (phrase) best = { from: at, to: at + words, said: phrase.said, isCertain: phrase.isCertain }
    const next = tokens[at + words]?.text
    if (words === longest || next === undefined) return best
    text = `${text} ${next}`
  }
}

/** `1080p`, `1920x1080`, `5.1`, `6ch`, `5 1` behind a sound. */
function numberAt(tokens: readonly NameToken[], at: number, before: Hit | undefined): Hit | undefined {
  const text = tokens[at]?.text ?? ''
  const one = (said: Said, isCertain: boolean, words = 1): Hit => ({ from: at, to: at + words, said, isCertain })
  const lines = /^(\d{3,4})[pi](?:\d{2,3})?$/.exec(text)
  if (lines && heights.has(Number(lines[1]))) return one({ heightPixels: Number(lines[1]) }, true)
  const size = /^(\d{3,4})x(\d{3,4})$/.exec(text)
  if (size) return one({ heightPixels: heightOfSize(Number(size[1]), Number(size[2])) }, true)
  const channels = /^([1-9])\.([0-2])(?:x\d|ch)?$/.exec(text)
  if (channels) return one({ audioChannels: Number(channels[1]) + Number(channels[2]) }, false)
  const counted = /^([1-9])ch$/.exec(text)
  if (counted) return one({ audioChannels: Number(counted[1]) }, false)
  const next = tokens[at + 1]?.text
  if (/^[1-9]$/.test(text) && (next === '0' || next === '1') && before?.to === at && before.said.audioCodecs) {
    return one({ audioChannels: Number(text) + Number(next) }, false, 2)
  }
  return undefined
}

function heightOfSize(width: number, height: number): number {
  if (width >= 7000) return 4320
  if (width >= 3200) return 2160
  if (width >= 2300) return 1440
  if (width >= 1700) return 1080
  if (width >= 1100) return 720
  return height > 500 ? 576 : 480
}

/** `DDP5 1`, where an index has made spaces of the dots, and `DD51`, `AAC20`. */
function soundAt(tokens: readonly NameToken[], at: number): Hit | undefined {
  const found = /^([a-z+]{2,7}|e?ac3)([1-9])([01])?$/.exec(tokens[at]?.text ?? '')
  const sound = phrases.get(found?.[1] ?? '')?.said
  const codecs: readonly ReleaseAudioCodec[] | undefined = sound?.audioCodecs
  if (!found || !codecs) return undefined
  const next = tokens[at + 1]?.text
  const isSplit = found[3] === undefined && (next === '0' || next === '1')
  if (found[3] === undefined && !isSplit) return undefined
  const channels = Number(found[2]) + Number(found[3] ?? next)
  return { from: at, to: at + (isSplit ? 2 : 1), said: { ...sound, audioChannels: channels }, isCertain: true }
}

/** `DV+HDR10`, `ENG+ITA`: words that a plus joins. */
function joinedAt({ text }: NameToken, at: number): Hit | undefined {
  if (!text.includes('+')) return undefined
  const parts = text.split('+', 8).filter((part) => part !== '')
  const all = parts.map((part): Said | undefined => {
    const language = languageWords.get(part)
    return phrases.get(part)?.said ?? (language === undefined ? undefined : { languages: [language] })
  })
  if (all.length === 0 || all.includes(undefined)) return undefined
  const lists = (pick: (said: Said) => readonly string[] | undefined) => all.flatMap((one) => (one && pick(one)) ?? [])
  const languages = lists((one) => one.languages)
  return {
    from: at,
    to: at + 1,
    said: { ...Object.assign({}, ...all), ...(languages.length > 0 ? { languages } : {}) },
    isCertain: false,
  }
}

function codeAt(tokens: readonly NameToken[], at: number): string | undefined {
  const raw = tokens[at]?.raw ?? ''
  const code = languageCodes.get(raw)
  if (code === undefined || plainCodes.has(raw)) return code
  const isLanguage = (token: NameToken | undefined) =>
    token !== undefined &&
    (languageWords.has(token.text) || languageCodes.has(token.raw) || subtitleWords.has(token.text))
  return isLanguage(tokens[at - 1]) || isLanguage(tokens[at + 1]) ? code : undefined
}
