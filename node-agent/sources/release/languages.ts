/** The names of languages in release names. Pure data. */

const table: Record<string, string> = {
  en: 'english eng ingles anglais englisch inglese',
  fr: 'french fre fra francais français',
  de: 'german ger deu deutsch',
  it: 'italian ita italiano',
  es: 'spanish spa esp castellano espanol español',
  'es-419': 'latino lat latin',
  pt: 'portuguese por portugues',
  'pt-BR': 'brazilian ptbr',
  nl: 'dutch nld flemish',
  da: 'danish dan dansk',
  sv: 'swedish swe svensk',
  no: 'norwegian nor norsk',
  fi: 'finnish fin suomi',
  is: 'icelandic',
  pl: 'polish pol polski',
  cs: 'czech cze ces',
  sk: 'slovak slo slk',
  hu: 'hungarian hun magyar',
  ro: 'romanian rum ron',
  bg: 'bulgarian bul',
  el: 'greek gre ell',
  tr: 'turkish tur türkçe',
  ru: 'russian rus русский',
  uk: 'ukrainian ukr',
  sr: 'serbian srp',
  hr: 'croatian hrv cro',
  sl: 'slovenian slv',
  lt: 'lithuanian lit',
  lv: 'latvian lav',
  et: 'estonian est',
  he: 'hebrew heb',
  ar: 'arabic ara',
  fa: 'persian farsi',
  hi: 'hindi hin',
  ta: 'tamil tam',
  te: 'telugu tel',
  ml: 'malayalam mal',
  kn: 'kannada kan',
  bn: 'bengali ben',
  mr: 'marathi',
  pa: 'punjabi',
  ur: 'urdu',
  ja: 'japanese jpn jap',
  ko: 'korean kor',
  zh: 'chinese chi zho mandarin cantonese chs cht',
  th: 'thai tha',
  vi: 'vietnamese vie',
  id: 'indonesian ind',
  ms: 'malay',
  ca: 'catalan cat',
  eu: 'basque',
  gl: 'galician',
}

/** Lower-case word → ISO 639-1. */
export const languageWords: ReadonlyMap<string, string> = new Map(
  Object.entries(table).flatMap(([code, words]) => words.split(' ').map((word) => [word, code] as const)),
)

/** Two letters mean a language only in capitals, for `no`, `is` and `it` are words. */
export const languageCodes: ReadonlyMap<string, string> = new Map(
  [
    ...['EN', 'FR', 'DE', 'ES', 'IT', 'NL', 'PL', 'RU', 'PT', 'HU', 'RO', 'TR', 'SV', 'DA', 'FI', 'JA', 'KO', 'ZH'],
    ...['HI', 'TA', 'TE', 'UK', 'EL', 'HR', 'SR', 'BG', 'HE', 'AR', 'NO', 'CS', 'SK', 'LT', 'LV', 'ET'],
  ]
    .map((code): [string, string] => [code, code.toLowerCase()])
    .concat([
      ['CZ', 'cs'],
      ['GR', 'el'],
      ['JP', 'ja'],
      ['KR', 'ko'],
      ['CN', 'zh'],
      ['UA', 'uk'],
      ['BR', 'pt-BR'],
      ['SE', 'sv'],
      ['DK', 'da'],
    ]),
)
