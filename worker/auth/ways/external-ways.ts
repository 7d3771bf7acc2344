/** The table of ways in that lead elsewhere: one line each. A file gives as many ways as the operator configured. */
import { AppError } from '#protocol/errors.ts'
import type { ExternalWay } from './external-way.ts'
import { githubWays } from './github.ts'
import { googleWays } from './google.ts'
import { oidcWays } from './oidc.ts'
import { plexWays } from './plex.ts'
import { traktWays } from './trakt.ts'
import type { WaySettings } from './way-settings.ts'

const makers: readonly ((env: WaySettings) => ExternalWay[])[] = [plexWays, oidcWays, googleWays, githubWays, traktWays]

export const externalWays = (env: WaySettings): ExternalWay[] => makers.flatMap((make) => make(env))

/** Throws `not_found` for one that is not configured. */
export function externalWay(env: WaySettings, id: string): ExternalWay {
  const way = externalWays(env).find((one) => one.id === id)
  if (!way) throw new AppError('not_found', 'This way to sign in is not set up here. Please use another.')
  return way
}
