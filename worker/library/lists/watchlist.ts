/** The watchlist: every viewer has one, and its row comes with its first title. */
import type { Viewer } from '../../auth/viewer.ts'

/** By the viewer alone, so that two first titles at once make one list. */
export const watchlistId = ({ id }: Pick<Viewer, 'id'>): string => `watchlist-${id}`
