/** What a child's profile may see: the one condition that stands in every query of titles. */
import { lte, type SQL } from 'drizzle-orm'
import type { Viewer } from '../auth/viewer.ts'
import { titles } from './schema.ts'

/** Everything where there is no cap. With one, a title whose age nobody told is not shown: null is less than no number. */
export const suitableFor = ({ capYears }: Pick<Viewer, 'capYears'>): SQL | undefined =>
  capYears === null ? undefined : lte(titles.minimumAgeYears, capYears)
