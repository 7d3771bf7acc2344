/** What the operator sets for TMDB; without a token the built-in films and the agents' own are the catalog. */

export type TmdbSettings = {
  /** API read access token (the long one, "v4"). Secret. */
  TMDB_TOKEN?: string
  /** Where its API is, when not at its own address. */
  TMDB_URL?: string
  /** Where its pictures are, when not at their own address; the browser is sent there in any case. */
  TMDB_PICTURES_URL?: string
  /** ISO 3166-1: whose certifications count for a profile's cap, and whose cinemas for what is new. */
  REGION?: string
}

export const TMDB_API = 'https://api.themoviedb.org/3'
/** TMDB lets about 40 requests arrive a second (reference, 1.6); we count when they leave, and the way is not even. */
export const TMDB_PER_SECOND = 35

export const isTmdbOn = ({ TMDB_TOKEN }: TmdbSettings): boolean => Boolean(TMDB_TOKEN)

export const regionOf = ({ REGION }: TmdbSettings): string =>
  /^[A-Za-z]{2}$/.test(REGION ?? '') ? (REGION ?? '').toUpperCase() : 'US'
