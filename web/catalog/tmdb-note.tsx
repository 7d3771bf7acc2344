/** Whose words and pictures these are, as TMDB asks to be named; and that it does not answer, when it does not. */
import type { SearchAnswer } from '../api.ts'

export function TmdbNote({ upstream }: { upstream: SearchAnswer['upstream'] }) {
  if (upstream === null || upstream === 'off') return null
  return (
    <p className="pt-12 text-center text-sm text-quiet">
      {upstream === 'away' && 'TMDB does not answer right now: this is what is known here. '}
      This product uses the TMDB API but is not endorsed or certified by TMDB.
    </p>
  )
}
