/** The playback routes: open a stream, keep it, move it, leave it. */
import { Hono } from 'hono'
import { requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { howManyCould, reachOfAgent } from './agents-at-home.ts'
import { answerInLines, wantsLines } from './answer-opening.ts'
import {
  ChoicesRequest,
  MoveRequest,
  PlayRequest,
  Renewed,
  SourceChoices,
  StreamParam,
  StreamReady,
} from './answers.ts'
import { leaveStream } from './end-streams.ts'
import { renewGrant } from './grants.ts'
import { moveStream } from './move-stream.ts'
import type { Waiting } from './open-stream.ts'
import { rankedSources } from './ranked-sources.ts'
import { startPlayback } from './start-playback.ts'
import { streamUrls } from './stream-access.ts'

const lines = 'with Accept: application/x-ndjson: 200 and one line a stage, then ready or failed'

export const streamRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: `Play a title (${lines})`,
      access: 'person',
      answer: { status: 201, schema: StreamReady },
      refuses: [
        'not_found',
        'no_source',
        'agent_offline',
        'busy',
        'maintenance',
        'vpn_down',
        'no_peers',
        'metadata_timeout',
        'timed_out',
      ],
    }),
    requireUser,
    validate('json', PlayRequest),
    async (c) => {
      const [edge, person, play] = [edgeOf(c), c.var.person, c.req.valid('json')]
      const open = (waiting: Waiting) => startPlayback(edge, person, play, waiting)
      if (wantsLines(c.req.header('accept'))) return answerInLines(edge, c.req.raw, open)
      return c.json(await open({ signal: c.req.raw.signal }), 201, noStore)
    },
  )
  .post(
    '/choices',
    describe({
      summary: 'The sources of a title in the order in which Play would try them on this device, and why',
      access: 'person',
      answer: { status: 200, schema: SourceChoices },
    }),
    requireUser,
    validate('json', ChoicesRequest),
    async (c) => {
      const { titleId, device, wish } = c.req.valid('json')
      const ranked = await rankedSources(edgeOf(c), c.var.person.viewer, titleId, { device, wish })
      const sources = ranked.map(({ source: { id, provider, sizeBytes }, reasons }) => ({
        id,
        provider,
        sizeBytes,
        reasons,
      }))
      return c.json({ sources }, 200, noStore)
    },
  )
  .post(
    '/:id/renew',
    describe({
      summary: 'A newer token for a stream that plays',
      access: 'person',
      answer: { status: 200, schema: Renewed },
      refuses: ['not_found', 'token_expired', 'token_revoked'],
    }),
    requireUser,
    validate('param', StreamParam),
    async (c) => {
      const edge = edgeOf(c)
      const { grant, otherAgentIds } = await renewGrant(edge, c.req.valid('param').id, c.var.person.sessionId)
      const [{ isLeaving, ...reach }, otherAgents] = await Promise.all([
        reachOfAgent(edge, grant.agentId),
        howManyCould(edge, grant.titleId, otherAgentIds),
      ])
      const urls = await streamUrls(edge, grant, reach)
      return c.json({ expiresAt: grant.expiresAt, urls, isLeaving, otherAgents }, 200, noStore)
    },
  )
  .post(
    '/:id/move',
    describe({
      summary: `Go on from another agent or source (${lines})`,
      access: 'person',
      answer: { status: 201, schema: StreamReady },
      refuses: ['not_found', 'token_revoked', 'agent_offline', 'too_many', 'conflict'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('json', MoveRequest),
    async (c) => {
      const [edge, person, { id }, move] = [edgeOf(c), c.var.person, c.req.valid('param'), c.req.valid('json')]
      const open = (waiting: Waiting) => moveStream(edge, person, id, move, waiting)
      if (wantsLines(c.req.header('accept'))) return answerInLines(edge, c.req.raw, open)
      return c.json(await open({ signal: c.req.raw.signal }), 201, noStore)
    },
  )
  .delete(
    '/:id',
    describe({ summary: 'The viewer left', access: 'person', answer: { status: 204 }, refuses: ['not_found'] }),
    requireUser,
    validate('param', StreamParam),
    async (c) => {
      await leaveStream(edgeOf(c), c.req.valid('param').id, c.var.person.sessionId)
      return c.body(null, 204)
    },
  )

/** A token is in it. */
const noStore = { 'cache-control': 'no-store' }
