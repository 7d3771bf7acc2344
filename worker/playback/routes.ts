/** The playback routes: open a stream, keep it, move it, leave it. */
import { Hono } from 'hono'
import { requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import type { AppEnv } from '../env.ts'
import { notYet } from '../not-yet.ts'
import { validate } from '../validate.ts'
import { MoveRequest, PlayRequest, Renewed, StreamParam, StreamReady } from './answers.ts'

export const streamRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: 'Play a title (with Accept: application/x-ndjson: stages while it opens, then ready or failed)',
      access: 'person',
      answer: { status: 201, schema: StreamReady },
      refuses: ['not_found', 'no_source', 'agent_offline', 'vpn_down', 'no_peers', 'metadata_timeout', 'timed_out'],
    }),
    requireUser,
    validate('json', PlayRequest),
    async (c) => c.json(await notYet<StreamReady>(), 201),
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
    async (c) => c.json(await notYet<Renewed>(), 200),
  )
  .post(
    '/:id/move',
    describe({
      summary: 'Go on from another agent or source (two forms, as for Play)',
      access: 'person',
      answer: { status: 201, schema: StreamReady },
      refuses: ['not_found', 'token_revoked', 'agent_offline', 'too_many'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('json', MoveRequest),
    async (c) => c.json(await notYet<StreamReady>(), 201),
  )
  .delete(
    '/:id',
    describe({ summary: 'The viewer left', access: 'person', answer: { status: 204 }, refuses: ['not_found'] }),
    requireUser,
    validate('param', StreamParam),
    async (c) => {
      await notYet()
      return c.body(null, 204)
    },
  )
