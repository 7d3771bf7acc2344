/** The table of the edge's background tasks; one cron wakes it. A task is one line here. */
import { sealAgain } from '../auth/seal-again.ts'
import { hashPosters } from '../catalog/pictures/hash-posters.ts'
import { OPEN_FILMS, seedOpenFilms } from '../catalog/seed-open-films.ts'
import { completeSeasons } from '../catalog/tmdb/complete-seasons.ts'
import { refreshLists } from '../catalog/tmdb/refresh-lists.ts'
import { syncChanges } from '../catalog/tmdb/sync-changes.ts'
import type { Edge } from '../edge.ts'
import { moveLibrary } from '../library/merge-titles.ts'
import { refreshPublicLists } from '../library/trakt/public-lists.ts'
import { syncTrakt } from '../library/trakt/sync-tasks.ts'
import { wantedShows } from '../library/wanted-shows.ts'
import { eraseDue } from '../privacy/erase-person.ts'
import { cleanUp } from './clean-up.ts'

/**
 * `everyMinutes` and `afterMinutes` are multiples of the cron's five. A task may run twice and must not mind. Those that
 * ask many questions elsewhere have ticks of their own: one invocation may send fifty.
 */
export type Task = {
  name: string
  everyMinutes: number
  afterMinutes?: number
  run: (edge: Edge) => Promise<unknown>
}

export const tasks: readonly Task[] = [
  { name: `seed ${OPEN_FILMS}`, everyMinutes: 60, run: (edge) => seedOpenFilms(edge.db) },
  { name: 'erase people', everyMinutes: 60, run: eraseDue },
  { name: 'seal again', everyMinutes: 5, run: sealAgain },
  { name: 'sync trakt', everyMinutes: 5, run: syncTrakt },
  { name: 'refresh trakt lists', everyMinutes: 1440, run: refreshPublicLists },
  { name: 'refresh lists', everyMinutes: 15, run: refreshLists },
  { name: 'complete seasons', everyMinutes: 15, run: (edge) => completeSeasons(edge, wantedShows) },
  {
    name: 'sync changed films',
    everyMinutes: 15,
    afterMinutes: 5,
    run: (edge) => syncChanges(edge, 'movie', moveLibrary),
  },
  {
    name: 'sync changed shows',
    everyMinutes: 15,
    afterMinutes: 10,
    run: (edge) => syncChanges(edge, 'show', moveLibrary),
  },
  { name: 'hash posters', everyMinutes: 5, run: hashPosters },
  { name: 'clean up', everyMinutes: 60, run: cleanUp },
]
