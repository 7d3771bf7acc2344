/** What the routes of an agent's own films take and answer. */
import * as z from 'zod'
import { OwnFilm, OwnFilmId, OwnFilmPage, OwnFilmView } from '#protocol/own-films.ts'
import { AgentParam } from '../../agents/answers.ts'
import { TitleCard, TitleId } from '../answers.ts'

export const OwnFilmParam = AgentParam.extend({ film: OwnFilmId })
export const OwnFilmsQuery = z.strictObject({
  view: OwnFilmView,
  from: z.coerce.number().int().min(0).max(200_000).default(0),
})

/** What a film is, or may be: a film of the catalog, or a show. */
export const OwnFilmTitle = TitleCard.pick({ id: true, name: true, year: true }).extend({
  kind: z.enum(['movie', 'show']),
})
export type OwnFilmTitle = z.infer<typeof OwnFilmTitle>

/** A title that was said and is gone since is not among `titles`. */
export const OwnFilmList = OwnFilmPage.extend({
  films: z.array(OwnFilm.omit({ titleIds: true }).extend({ titles: z.array(OwnFilmTitle) })),
})

/**
 * It is a title of the catalog, of a show the episode that its name says, or the one that is said; a title that the
 * catalog gets for it; or no film at all.
 */
export const OwnFilmSaid = z.union([
  z.strictObject({
    titleId: TitleId,
    seasonNumber: z.int().min(0).max(9999).optional(),
    episodeNumber: z.int().min(0).max(99_999).optional(),
  }),
  z.strictObject({
    newTitle: z.strictObject({
      name: z.string().trim().min(1).max(200),
      year: z.int().min(1870).max(2100).optional(),
    }),
  }),
  z.strictObject({ isFilm: z.literal(false) }),
])
export type OwnFilmSaid = z.infer<typeof OwnFilmSaid>
