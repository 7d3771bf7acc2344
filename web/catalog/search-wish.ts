/** What is searched for, as the address of the search page says it. */

export type SearchWish = {
  q?: string
  kind?: 'movie' | 'show'
  yearFrom?: string
  yearTo?: string
  runtimeTo?: string
  available?: '1'
}

/** A part that makes no sense is left out: an address that somebody typed still searches. */
export function readWish(search: Partial<Record<keyof SearchWish, unknown>>): SearchWish {
  const { q, kind, available } = search
  const number = (name: 'yearFrom' | 'yearTo' | 'runtimeTo', shape: RegExp) => {
    const value = search[name]
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    return shape.test(text) && { [name]: text }
  }
  return {
    ...(typeof q === 'string' && q !== '' && { q: q.slice(0, 100) }),
    ...((kind === 'movie' || kind === 'show') && { kind }),
    ...number('yearFrom', /^(1[89]|20)\d\d$/),
    ...number('yearTo', /^(1[89]|20)\d\d$/),
    ...number('runtimeTo', /^[1-9]\d{0,2}$/),
    ...((available === '1' || available === 1) && { available: '1' }),
  }
}
