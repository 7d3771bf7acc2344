/** BCP 47 tags of what containers call languages (ISO 639-2, mostly). Pure. */

/** ISO 639-2/B codes, which CLDR does not know, and which Matroska asks for (RFC 9559 §12). */
const bibliographic: Readonly<Record<string, string>> = {
  alb: 'sq',
  arm: 'hy',
  baq: 'eu',
  bur: 'my',
  chi: 'zh',
  cze: 'cs',
  dut: 'nl',
  fre: 'fr',
  geo: 'ka',
  ger: 'de',
  gre: 'el',
  ice: 'is',
  mac: 'mk',
  mao: 'mi',
  may: 'ms',
  per: 'fa',
  rum: 'ro',
  slo: 'sk',
  tib: 'bo',
  wel: 'cy',
}

/** `eng` → `en`, `ger` → `de`. Undefined for "und" and nonsense. */
export function languageTag(code: string | undefined): string | undefined {
  if (!code) return undefined
  try {
    const [tag] = Intl.getCanonicalLocales(bibliographic[code] ?? code)
    return tag === 'und' || (tag?.length ?? 99) > 35 ? undefined : tag
  } catch {
    return undefined
  }
}
