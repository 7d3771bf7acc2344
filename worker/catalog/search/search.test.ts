/** The search over HTTP and over many titles: prefixes, accents, slips, people, filters, TMDB beside it, and a child's cap. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import app from '../../app.ts'
import { asPerson, type Viewer } from '../../auth/viewer.ts'
import { type Browser, ORIGIN, refusal, setUp } from '../../testing/call-edge.ts'
import { testEdge } from '../../testing/test-edge.ts'
import { addFault, freshGate, TMDB_TOKEN, tellWorld } from '../../testing/tmdb-stand-in.ts'
import { DAY_ROWS } from '../tmdb/sync-state.ts'
import type { SearchAnswer } from './answers.ts'
import { nearest } from './correct-words.ts'
import { editDistance } from './edit-distance.ts'
import { indexSearch, searchTextOf } from './index-search.ts'
import { matchExpression, trigramExpression, typedWords } from './match-query.ts'
import { search } from './search.ts'

let admin: Browser
const now = Math.floor(Date.UTC(2026, 10, 22, 8) / 1000)
const adult: Viewer = asPerson('ada')
const child: Viewer = { ...adult, capYears: 6 }
const find = (q: string, more: object = {}, viewer = adult) =>
  search(testEdge(now), viewer, { q, scope: 'known', ...more })
const names = async (q: string, more: object = {}, viewer = adult) =>
  (await find(q, more, viewer)).results.map(({ name }) => name)

type Film = { name: string; others?: string[]; people?: string[]; change?: Record<string, string | number | null> }
async function add(films: Film[]): Promise<void> {
  const rows = films.map(({ name, change }, at) => ({
    id: `film-${name.replace(/\W/g, '').slice(0, 60)}-${at}`,
    kind: 'movie',
    name,
    year: 2000,
    popularity: 1,
    ...change,
  }))
  const columns = [
    'id',
    'kind',
    'name',
    'year',
    'popularity',
    'minimum_age_years',
    'original_language',
    'runtime_minutes',
    'names',
  ]
  await env.DB.batch([
    env.DB.prepare(
      `insert into titles (overview, licence, credit, ${columns.join(', ')}) select '', '', '', ${columns.map((column) => `value ->> '$.${column}'`).join(', ')} from json_each(?)`,
    ).bind(JSON.stringify(rows)),
    ...indexSearch(
      env.DB,
      films.map(({ name, others = [], people = [] }, at) => searchTextOf(rows[at]?.id ?? '', name, others, people)),
    ),
  ])
}

beforeAll(async () => {
  admin = await setUp()
  await add([
    {
      name: 'Amélie',
      others: ['Le Fabuleux Destin d’Amélie Poulain'],
      people: ['Audrey Tautou'],
      change: { original_language: 'fr', runtime_minutes: 122, minimum_age_years: 6 },
    },
    {
      name: 'The Godfather',
      people: ['Marlon Brando', 'Al Pacino'],
      change: { year: 1972, popularity: 90, minimum_age_years: 16, runtime_minutes: 175, names: '{"de":"Der Pate"}' },
      others: ['Der Pate'],
    },
    {
      name: 'The Godfather Part II',
      others: ['Il Padrino'],
      people: ['Al Pacino', 'Robert Duvall'],
      change: { year: 1974, popularity: 60, minimum_age_years: 16 },
    },
    { name: 'Heat', people: ['Al Pacino', 'Robert De Niro'], change: { year: 1995, popularity: 40 } },
    { name: 'Breaking Waves', change: { kind: 'show', year: 2008 } },
    { name: '千と千尋の神隠し', others: ['Spirited Away'], change: { original_language: 'ja', minimum_age_years: 0 } },
    { name: 'A', change: { popularity: 0.5 } },
    { name: 'Lonely Harbour', change: { popularity: 5 } },
    { name: 'Lonely Harvest', change: { popularity: 50 } },
  ])
})

describe('what is typed', () => {
  it.each([
    ['god', ['The Godfather', 'The Godfather Part II']],
    ['the godf', ['The Godfather', 'The Godfather Part II']],
    ['amelie', ['Amélie']],
    ['AMÉLIE', ['Amélie']],
    ['fabuleux dest', ['Amélie']],
    ['pacino heat', ['Heat']],
    ['spirited', ['千と千尋の神隠し']],
    ['千と', ['千と千尋の神隠し']],
    ['si', ['Sintel']],
    ['waves', ['Breaking Waves']],
    ['zzzz', []],
    ['', []],
    ['  "*:()^- ', []],
  ])('%j finds %j', async (typed, found) => {
    expect(await names(typed)).toEqual(found)
  })

  it.each([
    ['godfahter', 'godfather', 'The Godfather'],
    ['amelei', 'amelie', 'Amélie'],
    ['pacnio', 'pacino', 'Heat'],
    ['braeking wavse', 'breaking waves', 'Breaking Waves'],
    ['haet', 'heat', 'Heat'],
    ['sintle', 'sintel', 'Sintel'],
    ['godfahte', 'godfather', 'The Godfather'],
  ])('%j is read as %j', async (typed, correctedTo, first) => {
    const answer = await find(typed)
    expect([answer.correctedTo, answer.results[0]?.name]).toEqual([correctedTo, first])
  })

  it('never breaks the query, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (typed) => {
        expect((await find(typed)).upstream).toBeNull()
      }),
      { numRuns: 60 },
    )
    for (const typed of ['NEAR(a b)', 'name: x', 'a AND', '"', 'a*b', "'; drop table titles; --", 'OR OR OR']) {
      expect((await find(typed)).results).toBeInstanceOf(Array)
    }
  })

  it('gives names in the viewer’s language, and what is asked for more first', async () => {
    expect(await names('pate', {}, { ...adult, language: 'de-AT' })).toEqual(['Der Pate'])
    expect(await names('lonely')).toEqual(['Lonely Harvest', 'Lonely Harbour'])
  })
})

describe('filters', () => {
  it.each([
    ['godfather', { yearFrom: 1973 }, ['The Godfather Part II']],
    ['godfather', { yearTo: 1973 }, ['The Godfather']],
    ['amelie', { language: 'ja' }, []],
    ['godfather', { runtimeTo: 180 }, ['The Godfather']],
    ['breaking', { kind: 'movie' }, []],
    ['breaking', { kind: 'show' }, ['Breaking Waves']],
    ['sintel', { available: '1' }, ['Sintel']],
    ['heat', { available: '1' }, []],
  ])('%s with %j: %j', async (typed, filters, found) => {
    expect(await names(typed, filters)).toEqual(found)
  })

  it('by genre', async () => {
    await env.DB.prepare(
      "insert into title_genres (genre_id, title_id) select 80, id from titles where name = 'Heat'",
    ).run()
    expect(await names('pacino', { genre: 80 })).toEqual(['Heat'])
  })

  it('a child finds nothing above its cap, by no word, and nothing whose age nobody told', async () => {
    expect(await names('amelie', {}, child)).toEqual(['Amélie'])
    for (const typed of ['godfather', 'godfahter', 'pacino', 'brando', 'pate', 'heat', 'sintel']) {
      expect(await names(typed, {}, child)).toEqual([])
    }
  })

  it('pages by a cursor until all have been seen once', async () => {
    await add(Array.from({ length: 60 }, (_, at) => ({ name: `Parade number ${at}`, change: { popularity: at } })))
    const seen: string[] = []
    let cursor: string | null = '0'
    while (cursor !== null) {
      const answer: SearchAnswer = await find('parade', { cursor })
      seen.push(...answer.results.map(({ id }) => id))
      cursor = answer.cursor
    }
    expect([seen.length, new Set(seen).size]).toEqual([60, 60])
  })
})

describe('over HTTP', () => {
  const get = async (query: string, settings: object = {}) => {
    const ctx = createExecutionContext()
    const request = new Request(`${ORIGIN}/api/search?${query}`, {
      headers: { authorization: `Bearer ${admin.accessToken}` },
    })
    const response = await app.fetch(request, { ...env, ...settings }, ctx)
    return { response, settled: () => waitOnExecutionContext(ctx) }
  }
  const answered = async (query: string, settings: object = {}) => {
    const { response, settled } = await get(query, settings)
    const answer = await response.json<SearchAnswer>()
    await settled()
    return answer
  }
  const on = () => ({ TMDB_TOKEN, ...freshGate() })

  it.each(['q=a&kind=person', 'q=a&yearFrom=abc', 'q=a&cursor=-1', 'q=a&more=1', `q=${'a'.repeat(101)}`, ''])(
    'refuses %s',
    async (query) => {
      expect(await refusal((await get(query)).response)).toEqual([400, 'invalid'])
    },
  )

  it('works without TMDB, and says so', async () => {
    expect(await answered('q=sintel')).toMatchObject({
      results: [{ name: 'Sintel', isAvailable: true }],
      upstream: 'off',
    })
  })

  it('brings TMDB’s films and shows beside ours, which then can be opened; people and words of the future are left out', async () => {
    await tellWorld({ movies: 12, shows: 2, bare: [] })
    const { results, upstream } = await answered('q=crimson%20lan', on())
    expect(upstream).toBe('on')
    expect(results.map(({ id }) => id)).toEqual(['tmdb-movie-1001', 'tmdb-show-1001'])
    expect(await names('crimson lan')).toHaveLength(2)
    expect(await answered('q=crimson%20lan&scope=known', on())).toMatchObject({ upstream: null })
  })

  it('leaves TMDB alone on a day whose rows are used up, and remembers nothing of it', async () => {
    const left = (written: number) =>
      env.DB.prepare(
        "insert or replace into sync_states (name, rows_written, written_on) values ('tmdb:writes', ?, date('now'))",
      )
        .bind(written)
        .run()
    await tellWorld({ movies: 12, shows: 2, bare: [] })
    await left(DAY_ROWS)
    expect(await answered('q=golden%20lan', on())).toMatchObject({ results: [], upstream: 'away' })
    await left(0)
    expect((await answered('q=golden%20lan', on())).results).toMatchObject([{ id: 'tmdb-movie-1003' }])
  })

  it('says of what TMDB found that it can be had, where it can', async () => {
    await env.DB.prepare("insert or replace into external_ids values ('tmdb:movie', '1005', 'sintel-2010')").run()
    await tellWorld({ movies: 12, shows: 2, bare: [] })
    const { results } = await answered('q=distant%20lantern', on())
    expect(results.map(({ id, isAvailable }) => [id, isAvailable])).toEqual([['sintel-2010', true]])
  })

  it('asks TMDB once for the same words', async () => {
    await tellWorld()
    await answered('q=golden%20lantern', on())
    await answered('q=Golden,%20Lantern!', on())
    expect((await tellWorld()).paths).toEqual(['/3/search/multi'])
  })

  // Each by words of its own: who asks the same while TMDB is slow waits for the same answer.
  it.each([
    ['is slow', 'godfather part ii', { hangs: true }],
    ['fails', 'the godfather part ii', { status: 500 }],
    ['asks for a pause', 'godfather part', { status: 429, headers: { 'retry-after': '5' } }],
    ['answers nonsense', 'the godfather part', { status: 200, text: '{"results":"none"' }],
  ])('gives what is known here when TMDB %s, and says that it is away', async (name, words, fault) => {
    await addFault({ path: '/3/search/multi', times: 1, ...fault })
    const { response } = await get(`q=${encodeURIComponent(words)}`, { ...on(), CACHE_STORES: 'none' })
    expect(await response.json(), name).toMatchObject({
      results: [{ name: 'The Godfather Part II' }],
      upstream: 'away',
    })
  })
})

describe('the words', () => {
  it('are kept apart, without accents and signs', () => {
    expect(typedWords('Le Fabuleux—Destin d’Amélie!')).toEqual(['le', 'fabuleux', 'destin', 'd', 'amelie'])
    expect(typedWords(' ?! ')).toBeNull()
  })

  it('make an expression with nothing in it but words', () => {
    expect(matchExpression([['a']])).toBe('{name alternatives} : ^ "a" *')
    expect(matchExpression([['the'], ['god', 'got']])).toBe('("the") AND ("god" * OR "got" *)')
    expect(trigramExpression('heat')).toBe('"hea" OR "eat"')
    expect(trigramExpression('up')).toBeNull()
  })

  it('are as far apart as a slow and simple count says', () => {
    const slow = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length
      const swapped =
        a[0] === b[1] && a[1] === b[0] && a.length > 1 && b.length > 1 ? 1 + slow(a.slice(2), b.slice(2)) : 99
      return Math.min(
        slow(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
        slow(a.slice(1), b) + 1,
        slow(a, b.slice(1)) + 1,
        swapped,
      )
    }
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 })
    fc.assert(
      fc.property(word, word, fc.nat({ max: 4 }), (a, b, most) => {
        expect(editDistance(a, b, most)).toBe(Math.min(most + 1, slow(a, b)))
      }),
    )
  })

  it('are corrected to the nearest, and a beginning is enough for the last', () => {
    expect(nearest('godfahter', ['godfather', 'grandfather', 'godzilla'], false)).toEqual(['godfather'])
    expect(nearest('godfaht', ['godfather'], true)).toEqual(['godfather'])
    expect(nearest('godfaht', ['godfather'], false)).toEqual([])
  })
})
