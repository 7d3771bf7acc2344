/** Pure: rules of releases in words, and the simple ones that the form makes. */
import type { ReleaseRule } from '../../sources-api.ts'
import { fileSize } from '../../ui/time-format.ts'

export type Effect = ReleaseRule['effect']
export const effectWords: Record<Effect, string> = {
  refuse: 'Never play',
  avoid: 'Rather not',
  prefer: 'Rather',
}

const words: Readonly<Record<string, string>> = {
  cam: 'filmed in a cinema',
  telesync: 'telesync',
  workprint: 'workprint',
  telecine: 'telecine',
  screener: 'screener',
  vhs: 'VHS',
  tv: 'television',
  dvd: 'DVD',
  hdtv: 'HD television',
  'web-rip': 'recorded from a stream',
  'web-dl': 'from a stream',
  'bluray-rip': 'made from Blu-ray',
  bluray: 'Blu-ray',
  h264: 'H.264',
  hevc: 'HEVC',
  av1: 'AV1',
  vp9: 'VP9',
  mpeg2: 'MPEG-2',
  mpeg4: 'MPEG-4',
  vc1: 'VC-1',
  hdr10: 'HDR10',
  'hdr10+': 'HDR10+',
  'dolby-vision': 'Dolby Vision',
  hlg: 'HLG',
}
const wordOf = (value: string): string => words[value] ?? value.toUpperCase()

const anyOf = (values: readonly string[] | undefined, say: (value: string) => string = wordOf): string[] =>
  values === undefined ? [] : [values.map(say).join(' or ')]

/** Conditions of which all have to hold. */
export function ruleWords(rule: ReleaseRule): string {
  const { leastHeightPixels, mostHeightPixels, leastBytes, mostBytes } = rule
  const flag = (is: boolean | undefined, yes: string, no: string) => (is === undefined ? [] : [is ? yes : no])
  const conditions = [
    ...anyOf(rule.sources),
    ...anyOf(rule.videoCodecs),
    ...anyOf(rule.audioCodecs),
    ...anyOf(rule.hdr),
    ...anyOf(rule.languages, languageOf).map((all) => `in ${all}`),
    ...anyOf(rule.groups, (group) => group).map((all) => `by ${all}`),
    ...(leastHeightPixels === undefined ? [] : [`${leastHeightPixels} lines or more`]),
    ...(mostHeightPixels === undefined ? [] : [`${mostHeightPixels} lines or fewer`]),
    ...(leastBytes === undefined ? [] : [`${fileSize(leastBytes)} or more`]),
    ...(mostBytes === undefined ? [] : [`${fileSize(mostBytes)} or less`]),
    ...flag(rule.isThreeD, 'in 3D', 'not in 3D'),
    ...flag(rule.isRemux, 'the disc’s own streams', 'encoded anew'),
    ...flag(rule.hasHardSubtitles, 'with subtitles in the picture', 'without subtitles in the picture'),
  ]
  return `${effectWords[rule.effect]}: ${conditions.join(', ')}`
}

function languageOf(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

/** What the form offers to say of a release, by the value of its choice. */
export const conditions: readonly (readonly [string, string, Omit<ReleaseRule, 'effect'>])[] = [
  ['cinema', 'Filmed in a cinema', { sources: ['cam', 'telesync', 'workprint', 'telecine'] }],
  ['3d', 'In 3D', { isThreeD: true }],
  ['hard', 'With subtitles in the picture', { hasHardSubtitles: true }],
  ['hdr', 'In HDR', { hdr: ['hdr10', 'hdr10+', 'dolby-vision', 'hlg'] }],
  ['4k', '4K and more', { leastHeightPixels: 2160 }],
  ['1080', 'Full HD and more', { leastHeightPixels: 1080 }],
  ['small', 'Less than HD', { mostHeightPixels: 719 }],
  ['hevc', 'HEVC', { videoCodecs: ['hevc'] }],
  ['av1', 'AV1', { videoCodecs: ['av1'] }],
  ['h264', 'H.264', { videoCodecs: ['h264'] }],
  ['remux', 'The disc’s own streams', { isRemux: true }],
  ['bluray', 'From Blu-ray', { sources: ['bluray', 'bluray-rip'] }],
  ['web', 'From a stream', { sources: ['web-dl', 'web-rip'] }],
  ['language', 'In a language…', {}],
  ['group', 'By a group…', {}],
  ['most', 'Larger than… (GB)', {}],
]

/** Undefined when what was typed makes no rule. */
export function ruleOf(effect: Effect, condition: string, typed: string): ReleaseRule | undefined {
  const text = typed.trim()
  if (condition === 'language')
    return /^[a-z]{2,3}$/i.test(text) ? { effect, languages: [text.toLowerCase()] } : undefined
  if (condition === 'group') return text === '' || text.length > 60 ? undefined : { effect, groups: [text] }
  if (condition === 'most') {
    const gigabytes = Number(text)
    return gigabytes > 0 && gigabytes < 10_000 ? { effect, leastBytes: Math.round(gigabytes * 1e9) } : undefined
  }
  const simple = conditions.find(([value]) => value === condition)?.[2]
  return simple && { effect, ...simple }
}

/** What has to be typed for it, if anything. */
export const typedFor: Readonly<Record<string, string>> = {
  language: 'Language, as two letters',
  group: 'Name of the group',
  most: 'Gigabytes',
}
