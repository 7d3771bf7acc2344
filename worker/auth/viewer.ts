/** Who watches: a profile of an account, or its person. */

export type Viewer = {
  /** The profile's id or the person's: what was watched is kept by it. */
  id: string
  personId: string
  profileId: string | null
  /** The oldest audience whose titles may be shown, in years; null shows everything. */
  capYears: number | null
  /** BCP 47; null: as the browser asks. */
  language: string | null
}

/** The person of an account, while no profile was chosen. */
export const asPerson = (id: string): Viewer => ({ id, personId: id, profileId: null, capYears: null, language: null })
