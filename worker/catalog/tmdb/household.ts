/** In which languages and for which region titles are kept: one small read. */
import { profiles } from '../../auth/profiles/schema.ts'
import type { Edge } from '../../edge.ts'
import type { Household } from './read-details.ts'
import { regionOf } from './tmdb-settings.ts'

const MOST_LANGUAGES = 8

/** English, which the names themselves are in, and what the household's profiles read. */
export async function readHousehold({ db, env }: Edge): Promise<Household> {
  const rows = await db.selectDistinct({ language: profiles.language }).from(profiles).limit(MOST_LANGUAGES)
  return { languages: [...new Set(['en', ...rows.map(({ language }) => language)])], region: regionOf(env) }
}
