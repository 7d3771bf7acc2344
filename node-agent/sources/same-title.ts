/** Pure: whether two names are of one title, however they are written. */
import type { TitleWish } from '#protocol/source-search.ts'

/** Letters and digits alone, without marks, case, articles in front, and with `&` as the word it stands for. */
export function plainTitle(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  const [first = '', ...rest] = words
  return (rest.length > 0 && /^(the|a|an)$/.test(first) ? rest : words).join(' ')
}

/** One of the title's own names, and no other year: a year off is a country's later showing. */
export function isSameTitle(
  candidate: { name: string; year?: number | undefined },
  { name, otherNames, year }: Pick<TitleWish, 'name' | 'otherNames' | 'year'>,
): boolean {
  const plain = plainTitle(candidate.name)
  if (plain === '' || ![name, ...otherNames].some((one) => plainTitle(one) === plain)) return false
  return candidate.year === undefined || year === undefined || Math.abs(candidate.year - year) <= 1
}
