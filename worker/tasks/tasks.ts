/** The table of the edge's background tasks; one cron wakes it. A task is one line here. */
import { withdrawNames } from '../agents/names/publish-names.ts'
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
 * `everyMinutes` is a multiple of the cron's five. A task may run twice and must not mind. `questions`: how many it asks
 * other services at most, or nearly; all that run at one tick share fifty. `priority`: 0 first, 1 where nothing is said.
 */
export type Task = {
  name: string
  everyMinutes: number
  questions?: number
  priority?: number
  run: (edge: Edge) => Promise<unknown>
}

export const tasks: readonly Task[] = [
  { name: `seed ${OPEN_FILMS}`, everyMinutes: 60, priority: 0, run: (edge) => seedOpenFilms(edge.db) },
  { name: 'erase people', everyMinutes: 60, priority: 0, run: eraseDue },
  { name: 'seal again', everyMinutes: 5, run: sealAgain },
  { name: 'sync trakt', everyMinutes: 5, questions: 8, run: syncTrakt },
  { name: 'refresh trakt lists', everyMinutes: 1440, questions: 6, run: refreshPublicLists },
  { name: 'refresh lists', everyMinutes: 15, questions: 30, run: refreshLists },
  { name: 'complete seasons', everyMinutes: 15, questions: 6, run: (edge) => completeSeasons(edge, wantedShows) },
  {
    name: 'sync changed films',
    everyMinutes: 15,
    questions: 40,
    run: (edge) => syncChanges(edge, 'movie', moveLibrary),
  },
  {
    name: 'sync changed shows',
    everyMinutes: 15,
    questions: 40,
    run: (edge) => syncChanges(edge, 'show', moveLibrary),
  },
  { name: 'hash posters', everyMinutes: 5, questions: 6, run: hashPosters },
  { name: 'withdraw names', everyMinutes: 60, questions: 10, run: withdrawNames },
  { name: 'clean up', everyMinutes: 60, run: cleanUp },
]
