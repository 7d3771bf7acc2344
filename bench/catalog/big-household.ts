/** A household far larger than anybody's: 20,000 titles, 50 lists, 200 profiles with history; as rows, by their table. */

export const TITLES = 20_000
const LISTS = 50
const LIST_TITLES = 100
const PROFILES = 200
const BEGUN_EACH = 20
const WATCHED_EACH = 60

const firsts =
  'Silent Crimson Hidden Golden Restless Distant Broken Electric Paper Northern Velvet Hollow Amber Quiet'.split(' ')
const nouns = 'Lantern Harbour Orchard Winter Signal Garden Cathedral Meridian Sparrow Voyage Kettle Ladder'.split(' ')
const places = 'Lisbon Vienna Tromso Kyoto Quito Oslo Naples Dakar Riga Cork Bergen Turin Havana Leith Bruges'.split(
  ' ',
)
const at = (list: string[], index: number): string => list[index % list.length] ?? ''

export const titleId = (n: number): string => `bench-${n}`
export const titleName = (n: number): string =>
  `The ${at(firsts, n)} ${at(nouns, Math.floor(n / 14))} of ${at(places, Math.floor(n / 168))} ${n}`

type Row = Record<string, string | number | null>
export type Table = { table: string; rows: Row[] }

const range = (length: number) => Array.from({ length }, (_, n) => n)
const keyOf = (n: number) => String(n).padStart(4, '0')

/** As many as an account may have. */
const PROFILES_EACH = 8
const personOf = (profile: number) => `person-${Math.floor(profile / PROFILES_EACH)}`

/** `personId` is the first of those who watch, and has no profiles; 25 others have eight each. */
export function bigHousehold(personId: string, nowMs: number): Table[] {
  const viewers = [
    { viewer_id: personId, person_id: personId },
    ...range(PROFILES).map((n) => ({ viewer_id: `profile-${n}`, person_id: personOf(n) })),
  ]
  const lists = range(LISTS).map((n) => {
    const builtin = ['trending-movies', 'trending-shows', 'popular-movies', 'top-rated-movies'][n]
    return builtin ?? `list-${n}`
  })
  return [
    {
      table: 'titles',
      rows: range(TITLES).map((n) => ({
        ...{ id: titleId(n), kind: n % 4 === 3 ? 'show' : 'movie', name: titleName(n), licence: '', credit: '' },
        ...{ overview: 'Somebody wants something, and it is not easy. '.repeat(4), poster: `tmdb:/poster${n}.jpg` },
        ...{
          year: 1950 + (n % 75),
          runtime_minutes: 80 + (n % 70),
          popularity: n % 1000,
          minimum_age_years: (n % 4) * 6,
        },
        available_at: n % 10 === 0 ? Math.floor(nowMs / 1000) - n : null,
      })),
    },
    {
      table: 'title_details',
      rows: range(2000).map((n) => ({
        ...{ title_id: titleId(n), certifications: '{"US":"PG-13"}', videos: '[]' },
        recommendations: JSON.stringify(range(20).map((m) => titleId((n * 7 + m * 13) % TITLES))),
      })),
    },
    {
      table: 'users',
      rows: range(PROFILES / PROFILES_EACH).map((n) => ({
        ...{ id: personOf(n * PROFILES_EACH), display_name: `Person ${n}`, role: 'user', created_at: n },
      })),
    },
    {
      table: 'profiles',
      rows: range(PROFILES).map((n) => ({
        ...{ id: `profile-${n}`, user_id: personOf(n), name: `P${n}`, avatar: 'cat', language: 'en', created_at: n },
      })),
    },
    {
      table: 'media_lists',
      rows: lists.map((id, n) => ({
        ...{ id, kind: n < 4 ? 'builtin' : 'personal', name: `List ${n}`, item_count: LIST_TITLES },
        ...(n < 4 ? { person_id: null, viewer_id: null } : viewers[n % 3]),
        ...{ created_at: n, changed_at: n },
      })),
    },
    {
      table: 'list_items',
      rows: lists.flatMap((list_id, n) =>
        range(LIST_TITLES).map((m) => ({
          ...{ list_id, title_id: titleId((n * 101 + m * 37) % TITLES), rank: keyOf(m), added_at: m },
        })),
      ),
    },
    {
      table: 'progress',
      rows: viewers.flatMap((viewer, n) =>
        range(BEGUN_EACH).map((m) => ({
          ...{ ...viewer, title_id: titleId((n * 53 + m * 29) % TITLES), source_id: '' },
          ...{ position_seconds: 600 + m, duration_seconds: 6000, watched_at_ms: nowMs - m * 60_000 },
        })),
      ),
    },
    {
      table: 'watch_events',
      rows: viewers.flatMap((viewer, n) =>
        range(WATCHED_EACH).map((m) => ({
          ...{ ...viewer, title_id: titleId((n * 17 + m * 31) % 2000), origin: 'porchlight' },
          watched_at_ms: nowMs - m * 3_600_000,
        })),
      ),
    },
  ]
}
