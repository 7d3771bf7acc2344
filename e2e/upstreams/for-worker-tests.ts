/** Before the worker's tests: every stand-in of a service that it calls, and the Worker's settings that point at them. */
import type { TestProject } from 'vitest/node'
import { EVIL_CLIENT, lies, startEvilOidc } from './evil-oidc.ts'
import { GITHUB_CLIENT, startGithub } from './github.ts'
import { MOCK_CLIENT, startMockOidc } from './mock-oidc.ts'
import { OIDC_CLIENT, startOidc } from './oidc.ts'
import { OPENSUBTITLES_KEY, startOpenSubtitles } from './opensubtitles.ts'
import { PLEX_SERVER_ID, startPlex } from './plex.ts'
import { startTmdb } from './tmdb.ts'
import { startTrakt, TRAKT_CLIENT } from './trakt.ts'
import { startZone, ZONE } from './zone.ts'

/** The same as in worker/testing/call-edge.ts. */
const APP = 'http://porchlight.test'

declare module 'vitest' {
  interface ProvidedContext {
    upstreams: Record<string, string>
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const back = (way: string) => `${APP}/api/auth/oauth/callback/${way}`
  const [github, plex, trakt, evil, oidc, google, subtitles, tmdb, mock, zone] = await Promise.all([
    startGithub(),
    startPlex(),
    startTrakt(),
    startEvilOidc(),
    startOidc([back('home')]),
    startOidc([back('google')]),
    startOpenSubtitles(),
    startTmdb(),
    startMockOidc(),
    startZone(),
  ])
  const evilOnes = lies.map((lie) => ({
    id: `evil-${lie}`,
    label: lie,
    issuer: `${evil.origin}/${lie}`,
    clientId: EVIL_CLIENT.id,
    clientSecret: EVIL_CLIENT.secret,
  }))
  const honest = {
    id: 'home',
    label: 'Home',
    issuer: oidc.origin,
    clientId: OIDC_CLIENT.id,
    clientSecret: OIDC_CLIENT.secret,
  }
  const byOtherHands = {
    id: 'mock',
    label: 'Mock',
    issuer: mock.origin,
    clientId: MOCK_CLIENT.id,
    clientSecret: MOCK_CLIENT.secret,
  }
  project.provide('upstreams', {
    GITHUB_URL: github.origin,
    GITHUB_API_URL: `${github.origin}/api/v3`,
    GITHUB_CLIENT_ID: GITHUB_CLIENT.id,
    GITHUB_CLIENT_SECRET: GITHUB_CLIENT.secret,
    GOOGLE_ISSUER: google.origin,
    GOOGLE_CLIENT_ID: OIDC_CLIENT.id,
    GOOGLE_CLIENT_SECRET: OIDC_CLIENT.secret,
    OIDC_PROVIDERS: JSON.stringify([honest, byOtherHands, ...evilOnes]),
    PLEX_URL: plex.origin,
    PLEX_CLIENT_ID: 'porchlight-under-test',
    PLEX_SERVER_ID,
    TRAKT_URL: trakt.origin,
    TRAKT_CLIENT_ID: TRAKT_CLIENT.id,
    TRAKT_CLIENT_SECRET: TRAKT_CLIENT.secret,
    OPENSUBTITLES_URL: `${subtitles.origin}/api/v1`,
    OPENSUBTITLES_KEY,
    // Without its token it is not asked: a test that wants it sets TMDB_TOKEN.
    TMDB_URL: `${tmdb.origin}/3`,
    TMDB_PICTURES_URL: `${tmdb.origin}/t/p/`,
    DNS_ZONE_ID: ZONE.id,
    DNS_ZONE_NAME: ZONE.name,
    DNS_API_TOKEN: ZONE.token,
    DNS_API_URL: `${zone.origin}/client/v4`,
    LOCAL_UPSTREAMS: 'on',
    TRUSTED_EMAIL_WAYS: 'google,evil-honest,evil-email-verified-as-text',
  })
  return async () => {
    await Promise.all(
      [github, plex, trakt, evil, oidc, google, subtitles, tmdb, mock, zone].map((standIn) => standIn.close()),
    )
  }
}
