/** The relay's two doors: the viewer's, by token, and the agent's, by signature. */
import { Hono } from 'hono'
import * as z from 'zod'
import { RelayPart } from '#protocol/relay.ts'
import { describe } from '../describe.ts'
import type { AppEnv } from '../env.ts'
import { notYet } from '../not-yet.ts'
import { validate } from '../validate.ts'

const viewer = describe({
  summary: 'Bytes or status of a stream through the edge, when it cannot be reached directly',
  access: 'stream_token',
  answer: { status: 206, schema: z.string(), type: 'application/octet-stream' },
  refuses: ['relay_off', 'token_invalid', 'token_expired', 'token_revoked', 'agent_offline', 'timed_out'],
})

export const viewerRoutes = new Hono<AppEnv>()
  .get('/:token', viewer, async () => notYet<Response>())
  .get('/:token/status', viewer, async () => notYet<Response>())

export const relayRoutes = new Hono<AppEnv>().post(
  '/:streamId/:requestId',
  describe({
    summary: 'One part of the answer a viewer waits for',
    access: 'agent',
    answer: { status: 204 },
    refuses: ['bad_signature', 'not_found', 'conflict', 'too_large'],
  }),
  validate('query', RelayPart),
  async () => notYet<Response>(),
)
