/** The table of the edge's background tasks; one cron wakes it. A task is one line here. */
import { sealAgain } from '../auth/seal-again.ts'
import { OPEN_FILMS, seedOpenFilms } from '../catalog/seed-open-films.ts'
import type { Edge } from '../edge.ts'
import { refreshPublicLists } from '../library/trakt/public-lists.ts'
import { syncTrakt } from '../library/trakt/sync-tasks.ts'
import { eraseDue } from '../privacy/erase-person.ts'
import { cleanUp } from './clean-up.ts'

/** `everyMinutes` is a multiple of the cron's five. A task may run twice and must not mind. */
export type Task = { name: string; everyMinutes: number; run: (edge: Edge) => Promise<unknown> }

export const tasks: readonly Task[] = [
  { name: `seed ${OPEN_FILMS}`, everyMinutes: 60, run: (edge) => seedOpenFilms(edge.db) },
  { name: 'erase people', everyMinutes: 60, run: eraseDue },
  { name: 'seal again', everyMinutes: 5, run: sealAgain },
  { name: 'sync trakt', everyMinutes: 5, run: syncTrakt },
  { name: 'refresh trakt lists', everyMinutes: 1440, run: refreshPublicLists },
  { name: 'clean up', everyMinutes: 60, run: cleanUp },
]
