/** A language out of a word in a file's name: `de`, `ger`, `German`, `pt-BR`. Pure. */
import { languageTag } from '../inside/language-tag.ts'

const codes = (
  'en de fr es it pt nl sv da no nb nn fi is pl cs sk sl hr sr bs mk bg ro hu el tr ru uk be et lv lt he ar fa hi bn ' +
  'ta te ur th vi id ms tl zh ja ko ka hy az kk sq ca eu gl cy ga mt af sw lb eo la'
).split(' ')
const threeLetters = (
  'eng ger deu fre fra spa ita por dut nld swe dan nor nob nno fin ice isl pol cze ces slo slk slv hrv srp bos mac mkd ' +
  'bul rum ron hun gre ell tur rus ukr bel est lav lit heb ara per fas hin ben tam tel urd tha vie ind may msa fil chi ' +
  'zho jpn kor geo kat arm hye aze kaz alb sqi cat baq eus glg wel cym gle mlt afr swa ltz epo lat'
).split(' ')

/** By their names in English and in themselves; `brazilian` and such by hand. */
const byName = new Map<string, string>([
  ['brazilian', 'pt-BR'],
  ['castilian', 'es'],
  ['latino', 'es-419'],
  ['simplified', 'zh-Hans'],
  ['traditional', 'zh-Hant'],
  ['chs', 'zh-Hans'],
  ['cht', 'zh-Hant'],
  ['farsi', 'fa'],
  ['flemish', 'nl-BE'],
])
for (const code of codes) {
  for (const speaker of ['en', code]) {
    const name = new Intl.DisplayNames([speaker], { type: 'language' }).of(code)?.toLowerCase()
    if (name && !name.includes(' ') && name !== code) byName.set(name, code)
  }
}
const byCode = new Set([...codes, ...threeLetters])

/** Undefined for a word that names none. A region is kept (`pt-br`), nonsense after a code is not. */
export function languageOfWord(word: string): string | undefined {
  const lower = word.toLowerCase()
  const known = byName.get(lower)
  if (known) return known
  const [code = '', region] = lower.split('-')
  if (!byCode.has(code)) return undefined
  if (region === undefined) return languageTag(code)
  return /^([a-z]{2}|[a-z]{4}|\d{3})$/.test(region) ? languageTag(`${languageTag(code)}-${region}`) : undefined
}
