/** How a person likes to watch: in general, and what they chose in one title. */
import { and, eq } from 'drizzle-orm'
import * as z from 'zod'
import type { Viewer } from '../auth/viewer.ts'
import type { Edge } from '../edge.ts'
import { Preferences, type TitleChoice } from './answers.ts'
import { requireTitle } from './progress.ts'
import { preferences, titleChoices } from './schema.ts'

/** Those of somebody who never saved any. */
export const DEFAULT_PREFERENCES: Preferences = {
  audioLanguages: [],
  subtitleLanguages: [],
  subtitles: 'forced',
  subtitleSizePercent: 100,
  mostHeightPixels: null,
}

const Languages = z.string().transform((text) => Preferences.shape.audioLanguages.catch([]).parse(JSON.parse(text)))

export async function readPreferences({ db }: Edge, personId: string): Promise<Preferences> {
  const [row] = await db.select().from(preferences).where(eq(preferences.personId, personId))
  if (!row) return DEFAULT_PREFERENCES
  const { personId: _personId, audioLanguages, subtitleLanguages, ...rest } = row
  return {
    ...rest,
    audioLanguages: Languages.parse(audioLanguages),
    subtitleLanguages: Languages.parse(subtitleLanguages),
  }
}

export async function savePreferences({ db }: Edge, personId: string, sent: Preferences): Promise<void> {
  const row = {
    ...sent,
    audioLanguages: JSON.stringify(sent.audioLanguages),
    subtitleLanguages: JSON.stringify(sent.subtitleLanguages),
  }
  await db
    .insert(preferences)
    .values({ personId, ...row })
    .onConflictDoUpdate({ target: preferences.personId, set: row })
}

export async function readTitleChoice({ db }: Edge, personId: string, titleId: string): Promise<TitleChoice> {
  const [row] = await db
    .select({ audioTrackId: titleChoices.audioTrackId, subtitle: titleChoices.subtitle })
    .from(titleChoices)
    .where(and(eq(titleChoices.personId, personId), eq(titleChoices.titleId, titleId)))
  if (!row) return { audioTrackId: null, subtitle: null }
  const { audioTrackId, subtitle } = row
  return { audioTrackId, subtitle: subtitle === null || subtitle === 'off' ? subtitle : { trackId: subtitle } }
}

/** Throws `not_found` for what there is not, or not for this viewer. */
export async function saveTitleChoice(
  edge: Edge,
  viewer: Viewer,
  titleId: string,
  { audioTrackId, subtitle }: TitleChoice,
): Promise<void> {
  await requireTitle(edge, viewer, titleId)
  const row = { audioTrackId, subtitle: subtitle === null || subtitle === 'off' ? subtitle : subtitle.trackId }
  await edge.db
    .insert(titleChoices)
    .values({ personId: viewer.personId, titleId, ...row })
    .onConflictDoUpdate({ target: [titleChoices.personId, titleChoices.titleId], set: row })
}
