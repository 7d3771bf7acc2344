/** The route table of the whole API, the error door, and the type the web app is compiled against. */
import { Hono } from 'hono'
import { AppError } from '#protocol/errors.ts'
import { adminRoutes } from './admin/routes.ts'
import { householdRoutes } from './agents/household/routes.ts'
import { agentNameRoutes } from './agents/names/routes.ts'
import { type AgentEvents, agentRoutes, homeRoutes, pairingRoutes } from './agents/routes.ts'
import { agentUpkeepRoutes, type UpkeepEvents } from './agents/upkeep/routes.ts'
import { appPage } from './app-page.ts'
import { recoveryCodeRoutes, totpRoutes } from './auth/factors/routes.ts'
import type { AuthEvents } from './auth/hand-over.ts'
import { inviteRoutes, passwordLinkRoutes } from './auth/links/routes.ts'
import { meRoutes, stepUpRoutes } from './auth/me-routes.ts'
import { passkeyRoutes, passkeySignInRoutes } from './auth/passkeys/routes.ts'
import { ownEmailRoutes, ownPasswordRoutes, peopleRoutes } from './auth/people/routes.ts'
import { profileRoutes } from './auth/profiles/routes.ts'
import { authRoutes, setupRoutes } from './auth/routes.ts'
import { forgetAfterWrites } from './auth/session-view.ts'
import { tvRoutes } from './auth/tv/routes.ts'
import { linkRoutes, wayRoutes } from './auth/ways/routes.ts'
import { lookAgain } from './catalog/found/search-title.ts'
import { ownSourceRoutes } from './catalog/operator/routes.ts'
import { ownFilmRoutes } from './catalog/own-films/routes.ts'
import { catalogRoutes, titleRoutes } from './catalog/routes.ts'
import { searchRoutes } from './catalog/search/routes.ts'
import { seedOpenFilms } from './catalog/seed-open-films.ts'
import { correlation } from './correlation.ts'
import { describe } from './describe.ts'
import type { AppEnv } from './env.ts'
import { errorResponse } from './error-response.ts'
import { health } from './health.ts'
import { frontPageRoutes } from './library/front-page/routes.ts'
import { historyRoutes } from './library/history/routes.ts'
import { listRoutes } from './library/lists/routes.ts'
import { preferenceRoutes } from './library/preference-routes.ts'
import { ratingRoutes } from './library/ratings/routes.ts'
import { progressRoutes } from './library/routes.ts'
import { searchesRoutes } from './library/searches/routes.ts'
import { traktRoutes } from './library/trakt/routes.ts'
import { limitBody } from './limit-body.ts'
import { limitRate } from './limit-rate.ts'
import { openApiDocument } from './open-api.ts'
import { endStreamsOfAgent, endStreamsOfSession } from './playback/end-streams.ts'
import { p2pRoutes } from './playback/p2p/routes.ts'
import { streamRoutes } from './playback/routes.ts'
import { subtitleRoutes } from './playback/subtitles/routes.ts'
import { privacyRoutes } from './privacy/routes.ts'
import { relayRoutes, viewerRoutes } from './relay/routes.ts'
import { secureHeaders } from './security-headers.ts'
import { workRoutes } from './tasks/agent-work/routes.ts'
import { taskRoutes } from './tasks/routes.ts'

/** Rooms further right hear of what happens further left only through here. */
const events: AuthEvents & AgentEvents & UpkeepEvents = {
  setupDone: (edge) => seedOpenFilms(edge.db),
  sessionEnded: endStreamsOfSession,
  viewerChanged: endStreamsOfSession,
  agentRemoved: endStreamsOfAgent,
  providersChanged: lookAgain,
}

const app = new Hono<AppEnv>()
app.use(correlation, secureHeaders)
app.use('/api/*', limitBody, forgetAfterWrites)
for (const path of ['/api/auth/*', '/api/setup', '/api/agents/pairings/*']) app.use(path, limitRate)
app.onError(errorResponse)
app.notFound(async (c) => {
  const page = await appPage(c)
  if (page) return page
  throw new AppError('not_found', 'There is nothing at this address.')
})

const routes = app
  .route('/health', health)
  .get(
    '/api/openapi.json',
    describe({ summary: 'This document', access: 'anyone', answer: { status: 200 } }),
    async (c) => c.json(await openApiDocument(app), 200),
  )
  .get(
    '/api/docs',
    describe({ summary: 'The same as a page for people', access: 'anyone', answer: { status: 302 } }),
    (c) => c.redirect('/docs', 302),
  )
  .route('/api/setup', setupRoutes(events))
  .route('/api/auth', authRoutes(events))
  .route('/api/auth', wayRoutes(events))
  .route('/api/auth', passwordLinkRoutes(events))
  .route('/api/auth/passkeys', passkeySignInRoutes(events))
  .route('/api/auth/tv', tvRoutes(events))
  .route('/api/auth/step-up', stepUpRoutes)
  .route('/api/me', meRoutes(events))
  .route('/api/me/password', ownPasswordRoutes(events))
  .route('/api/me/email', ownEmailRoutes)
  .route('/api/me/profiles', profileRoutes(events))
  .route('/api/me/totp', totpRoutes)
  .route('/api/me/recovery-codes', recoveryCodeRoutes)
  .route('/api/me/passkeys', passkeyRoutes)
  .route('/api/me/links', linkRoutes)
  .route('/api/me/privacy', privacyRoutes(events))
  .route('/api/people', peopleRoutes(events))
  .route('/api/invites', inviteRoutes)
  .route('/api/home', homeRoutes)
  .route('/api/titles', titleRoutes)
  .route('/api/titles', ownSourceRoutes)
  .route('/api/search', searchRoutes)
  .route('/api/searches', searchesRoutes)
  .route('/api/front-page', frontPageRoutes)
  .route('/api/lists', listRoutes)
  .route('/api/progress', progressRoutes)
  .route('/api/preferences', preferenceRoutes)
  .route('/api/trakt', traktRoutes)
  .route('/api/history', historyRoutes)
  .route('/api/ratings', ratingRoutes)
  .route('/api/streams', streamRoutes)
  .route('/api/streams/:id/subtitles', subtitleRoutes)
  .route('/api/streams/:id/p2p', p2pRoutes)
  .route('/api/stream', viewerRoutes)
  .route('/api/relay', relayRoutes)
  .route('/api/agents/pairings', pairingRoutes)
  .route('/api/agents/names', agentNameRoutes)
  .route('/api/agents', agentRoutes(events))
  .route('/api/agents', agentUpkeepRoutes(events))
  .route('/api/agents', ownFilmRoutes)
  .route('/api/household', householdRoutes)
  .route('/api/catalog', catalogRoutes)
  .route('/api/tasks', taskRoutes)
  .route('/api/work', workRoutes)
  .route('/api/admin', adminRoutes)

export type Api = typeof routes
export default app
