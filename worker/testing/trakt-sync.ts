/** A person's things at Trakt and here, and the way from one to the other: the dry run, the import, the sync. */
import { env } from 'cloudflare:workers'
import type { PreviewPart, TraktStatus } from '../library/trakt/status.ts'
import { bunny, harbour, night, nosferatu, sintel, steel, type TraktPerson } from './trakt-person.ts'

export const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString()
export const [lastWeek, yesterday, today] = [ago(170), ago(30), ago(2)] as const

export const things = () => ({
  history: [
    { id: 11, watched_at: yesterday, action: 'scrobble', type: 'movie', movie: bunny },
    { id: 12, watched_at: lastWeek, action: 'watch', type: 'episode', episode: night(1, 2), show: harbour },
    { id: 13, watched_at: lastWeek, action: 'watch', type: 'movie', movie: nosferatu },
  ],
  playback: [{ id: 21, progress: 40, paused_at: today, type: 'movie', movie: sintel }],
  ratings: [{ rating: 9, rated_at: lastWeek, type: 'movie', movie: bunny }],
  watchlist: [
    { rank: 1, id: 31, listed_at: lastWeek, notes: null, type: 'movie', movie: nosferatu },
    { rank: 2, id: 32, listed_at: lastWeek, notes: null, type: 'season', season: { number: 1, ids: { trakt: 5 } } },
    { rank: 3, id: 33, listed_at: yesterday, notes: null, type: 'movie', movie: sintel },
  ],
  collection: { movies: [{ collected_at: lastWeek, movie: steel }], shows: [] },
  lists: [
    {
      list: { name: 'For the holidays', description: null, updated_at: lastWeek, ids: { trakt: 41, slug: 'h' } },
      items: [{ rank: 1, id: 1, listed_at: lastWeek, type: 'show', show: harbour }],
    },
  ],
})

/** As the page does it: part after part. */
export async function preview(person: TraktPerson): Promise<Record<string, PreviewPart['counts']>> {
  const sums: Record<string, PreviewPart['counts']> = {}
  let step: PreviewPart['next'] | undefined
  do {
    const part: PreviewPart = await person.post<PreviewPart>('/api/trakt/preview', step ? { step } : {})
    const before = sums[part.kind]
    const entries = Object.entries(part.counts).map(([name, count]) => [name, count + (before?.[name as 'same'] ?? 0)])
    sums[part.kind] = Object.fromEntries(entries)
    step = part.next
  } while (step)
  return sums
}

export async function importAll(person: TraktPerson): Promise<TraktStatus> {
  let status = await person.post<TraktStatus>('/api/trakt/import')
  for (let i = 0; i < 10 && status.sync?.isImporting && status.sync.problem === null; i++) {
    status = await person.post<TraktStatus>('/api/trakt/sync')
  }
  return status
}

export const sync = (person: TraktPerson) => person.post<TraktStatus>('/api/trakt/sync')

export const watched = (person: TraktPerson) =>
  person.rows<{ title_id: string; trakt_id: number | null; origin: string }>(
    'select title_id, trakt_id, origin from watch_events where person_id = ? order by watched_at_ms, title_id',
  )
export const listed = async (person: TraktPerson, kind: string) =>
  (
    await person.rows<{ title_id: string }>(
      `select i.title_id from media_lists l join list_items i on i.list_id = l.id where l.person_id = ? and l.kind = '${kind}' order by l.id, i.rank`,
    )
  ).map(({ title_id }) => title_id)
export const everything = async (person: TraktPerson) =>
  Promise.all(
    ['progress', 'watch_events', 'show_progress', 'ratings', 'media_lists', 'trakt_outbox'].map((table) =>
      person.rows(`select * from ${table} where person_id = ?`),
    ),
  )
export const addViewing = (person: TraktPerson, titleId: string, iso: string) =>
  env.DB.prepare("insert into watch_events values (?, ?, ?, ?, 'porchlight', null)")
    .bind(person.id, person.id, titleId, Date.parse(iso))
    .run()
export const addPlace = (person: TraktPerson, titleId: string, seconds: number, iso: string) =>
  env.DB.prepare("insert into progress values (?, ?, ?, 'file', ?, 6000, ?, 'open')")
    .bind(person.id, person.id, titleId, seconds, Date.parse(iso))
    .run()
