/** Which character set a text from before UTF-8 is in, told by the letters that come out of it. Pure. */

/** Labels of the Encoding Standard; the letters are frequent ones of the languages written in it. */
const charsets: readonly { label: string; common: RegExp; script: RegExp; isWide?: boolean }[] = [
  { label: 'windows-1252', common: /[éèêàâçùûîôëïäöüßñóíáúåæøãõ¿¡’“”…–]/, script: /[À-ÿŒœ]/ },
  { label: 'windows-1250', common: /[ąćęłńśźżčšžřěůýďťňőűăşţđéíáóöüäň’“”…–]/, script: /[Ā-ſÁÉÍÓÖÚÜÝáéíóöúüý]/ },
  { label: 'windows-1254', common: /[ğışçöüİŞĞ’…]/, script: /[ĞğİıŞşÇçÖöÜüÂâÎîÛû]/ },
  { label: 'windows-1251', common: /[оеаинтсрвлкмдпуя]/, script: /[А-яЁёЂ-џҐґ]/ },
  { label: 'koi8-r', common: /[оеаинтсрвлкмдпуя]/, script: /[А-яЁё]/ },
  { label: 'iso-8859-5', common: /[оеаинтсрвлкмдпуя]/, script: /[А-яЁё]/ },
  { label: 'windows-1253', common: /[αοιετσνηυρπκμλάέίόύή]/, script: /[Ͱ-Ͽ]/ },
  { label: 'windows-1255', common: /[יוהלארתבמשנ]/, script: /[֐-׿]/ },
  { label: 'windows-1256', common: /[اليمونترب]/, script: /[؀-ۿ]/ },
  { label: 'windows-874', common: /[านรกเอยงมล่้]/, script: /[฀-๿]/ },
  { label: 'shift_jis', common: /[ぁ-んー。、]/, script: /[ァ-ヶ一-龠]/, isWide: true },
  { label: 'euc-jp', common: /[ぁ-んー。、]/, script: /[ァ-ヶ一-龠]/, isWide: true },
  { label: 'euc-kr', common: /[이다는을를가에의고지어하나기사니]/, script: /[가-힣]/, isWide: true },
  { label: 'big5', common: /[的是不我了一在人有這個們你他好說來到]/, script: /[一-龠，。？！]/, isWide: true },
  { label: 'gb18030', common: /[的是不我了一在人有这个们你他好说来到]/, script: /[一-龠，。？！]/, isWide: true },
]

const byLanguage: Readonly<Record<string, readonly string[]>> = {
  ru: ['windows-1251', 'koi8-r', 'iso-8859-5'],
  uk: ['windows-1251'],
  bg: ['windows-1251'],
  mk: ['windows-1251'],
  sr: ['windows-1251', 'windows-1250'],
  pl: ['windows-1250'],
  cs: ['windows-1250'],
  sk: ['windows-1250'],
  hu: ['windows-1250'],
  ro: ['windows-1250'],
  hr: ['windows-1250'],
  sl: ['windows-1250'],
  el: ['windows-1253'],
  tr: ['windows-1254'],
  he: ['windows-1255'],
  ar: ['windows-1256'],
  fa: ['windows-1256'],
  th: ['windows-874'],
  ja: ['shift_jis', 'euc-jp'],
  ko: ['euc-kr'],
  zh: ['gb18030', 'big5'],
}

/** Those that texts in this language come in; all of them when the language is not known or says nothing. */
export const charsetsOf = (language: string | undefined): readonly string[] =>
  byLanguage[language?.split('-')[0]?.toLowerCase() ?? ''] ?? []

const SAMPLE_BYTES = 64 * 1024

/** `preferred` are taken when their letters come out at all; otherwise the one whose letters come out best. */
export function likelyCharset(bytes: Uint8Array, preferred: readonly string[]): string {
  const sample = bytes.subarray(0, SAMPLE_BYTES)
  const scored = charsets
    .map((charset) => ({ label: charset.label, score: scoreOf(sample, charset) }))
    .sort((a, b) => b.score - a.score)
  const wished = scored.find(({ label, score }) => preferred.includes(label) && score > 0)
  return (wished ?? scored[0])?.label ?? 'windows-1252'
}

/** A point for each letter of the script and more for a frequent one, by the bytes that it took. */
function scoreOf(sample: Uint8Array, { label, common, script, isWide }: (typeof charsets)[number]): number {
  const text = new TextDecoder(label).decode(sample)
  const highBytes = sample.reduce((count, byte) => count + (byte > 0x7f ? 1 : 0), 0)
  if (highBytes === 0) return 0
  let points = 0
  let run = 0
  let before = ''
  for (const character of text) {
    const isHigh = character > '\u007F'
    run = isHigh ? run + 1 : 0
    if (isHigh) points += pointsOf(character, common, script) * (isWide ? 2 : 1)
    // A small letter before a capital: the right alphabet's neighbour (KOI8 read as Windows, and back).
    if (isHigh && /\p{Lu}/u.test(character) && /\p{Ll}/u.test(before)) points -= 3
    // Latin letters with marks stand alone among plain ones; many in a row are another alphabet.
    if (isHigh && run > 2 && /\p{Script=Latin}/u.test(character)) points -= 3
    before = character
  }
  return points / highBytes
}

function pointsOf(character: string, common: RegExp, script: RegExp): number {
  if (character === '\uFFFD' || /[\u0080-\u009F\uE000-\uF8FF]/.test(character)) return -4
  if (common.test(character)) return 2
  return script.test(character) ? 1 : -0.5
}
