/** Pure: from which age on a certification lets somebody watch. */

/** Words of the boards whose certifications are no numbers. In years. */
const ages: Record<string, Record<string, number>> = {
  US: {
    G: 0,
    PG: 8,
    'PG-13': 13,
    R: 17,
    'NC-17': 18,
    'TV-Y': 0,
    'TV-Y7': 7,
    'TV-G': 0,
    'TV-PG': 8,
    'TV-14': 14,
    'TV-MA': 17,
  },
  GB: { U: 0, PG: 8, '12A': 12, R18: 18 },
  CA: { G: 0, PG: 8, '14A': 14, '18A': 18, R: 18, A: 18, E: 0, C: 0, C8: 8 },
  AU: { E: 0, G: 0, P: 0, C: 0, PG: 8, M: 15, 'MA 15+': 15, MA15: 15, 'R 18+': 18, R18: 18, 'X 18+': 18 },
  NZ: { G: 0, PG: 8, M: 16, RP13: 13, RP16: 16, RP18: 18 },
  FR: { U: 0, TP: 0 },
  ES: { A: 0, APTA: 0, TP: 0, INFANTIL: 0, ER: 0 },
  IT: { T: 0, VMI4: 14 },
  IE: { G: 0, PG: 8 },
  BR: { L: 0, AL: 0 },
  MX: { AA: 0, A: 0, B: 12, 'B-15': 15, B15: 15, C: 18, D: 18 },
  JP: { G: 0, 'PG-12': 12, PG12: 12 },
  KR: { ALL: 0, RESTRICTED: 19 },
  IN: { U: 0, UA: 12, A: 18 },
  SE: { BTL: 0 },
  DK: { A: 0, F: 0 },
  FI: { S: 0, T: 0 },
  NO: { A: 0 },
  NL: { AL: 0 },
  BE: { AL: 0, KT: 0 },
  PT: { M: 0, PÚBLICOS: 0 },
}

/** In years; undefined for what nobody here can read. A number in it is an age everywhere: `FSK 12`, `R-16`, `15+`, `VM14`. */
export function certificationAge(region: string, certification: string): number | undefined {
  const word = certification.trim().toUpperCase()
  const known = ages[region]?.[word]
  if (known !== undefined) return known
  const number = /\d{1,2}/.exec(word)?.[0]
  if (number !== undefined) return Number(number) <= 21 ? Math.min(18, Number(number)) : undefined
  return undefined
}

/**
 * By the household's region; where that board said nothing, the strictest of the others, because a child must not see
 * what one country's silence lets through. Null: nobody said anything that can be read.
 */
export function minimumAge(certifications: Readonly<Record<string, string>>, region: string): number | null {
  const word = certifications[region]
  const own = word === undefined ? undefined : certificationAge(region, word)
  if (own !== undefined) return own
  const others = Object.entries(certifications).flatMap(([where, said]) => certificationAge(where, said) ?? [])
  return others.length === 0 ? null : Math.max(...others)
}
