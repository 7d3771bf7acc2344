/** Writes bencode, for tests of whatever reads it. */

export type Plain = number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** Texts are bytes, one a character. */
export function bencode(value: Plain): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(textOf(value), (letter) => letter.charCodeAt(0))
}

function textOf(value: Plain): string {
  if (typeof value === 'number') return `i${value}e`
  if (typeof value === 'string') return `${value.length}:${value}`
  if (Array.isArray(value)) return `l${value.map(textOf).join('')}e`
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `d${entries.map(([key, one]) => textOf(key) + textOf(one)).join('')}e`
}

/** Of one file; what is in it nobody has to know. */
export const torrentOf = (name: string, length: number, pieces = 'x'.repeat(20), more: Plain & object = {}) =>
  bencode({ ...more, info: { length, name, 'piece length': 16384, pieces } })
