/** The signalling routes of a stream: offer, candidates, farewell (after WHIP, RFC 9725, in JSON). */
import { Hono } from 'hono'
import * as z from 'zod'
import { P2pChange, P2pChanged, P2pOffer, P2pOpened } from '#protocol/p2p-signalling.ts'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { StreamParam } from '../answers.ts'
import { closeConnection, exchangeCandidates, openConnection } from './connect.ts'

const ConnectionParam = StreamParam.extend({ connectionId: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })

export const p2pRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: 'Offer my browser’s end of a data channel to the home that plays',
      access: 'person',
      answer: { status: 201, schema: P2pOpened },
      refuses: ['not_found', 'token_revoked', 'token_expired', 'agent_offline', 'not_configured', 'too_many', 'busy'],
    }),
    requireUser,
    validate('param', StreamParam),
    validate('json', P2pOffer),
    async (c) => {
      const connecting = { streamId: c.req.valid('param').id, person: c.var.person, signal: c.req.raw.signal }
      return c.json(await openConnection(edgeOf(c), connecting, c.req.valid('json').offer), 201)
    },
  )
  .patch(
    '/:connectionId',
    describe({
      summary: 'Tell home of ways to my browser, and hear of those to home that were found since',
      access: 'person',
      answer: { status: 200, schema: P2pChanged },
      refuses: ['not_found', 'token_revoked', 'token_expired', 'agent_offline'],
    }),
    requireUser,
    validate('param', ConnectionParam),
    validate('json', P2pChange),
    async (c) => {
      const { id: streamId, connectionId } = c.req.valid('param')
      const connecting = { streamId, person: c.var.person, signal: c.req.raw.signal }
      return c.json(await exchangeCandidates(edgeOf(c), connecting, connectionId, c.req.valid('json')), 200)
    },
  )
  .delete(
    '/:connectionId',
    describe({
      summary: 'My browser uses this data channel no more',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found', 'token_revoked', 'token_expired', 'agent_offline'],
    }),
    requireUser,
    validate('param', ConnectionParam),
    async (c) => {
      const { id: streamId, connectionId } = c.req.valid('param')
      const connecting = { streamId, person: c.var.person, signal: c.req.raw.signal }
      await closeConnection(edgeOf(c), connecting, connectionId)
      return c.body(null, 204)
    },
  )
