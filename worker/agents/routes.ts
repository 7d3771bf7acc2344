/** The agent routes: pairing, the list, removal, the socket; and the lamp. */
import { Hono } from 'hono'
import * as z from 'zod'
import { PairingAnswer, PairingPoll, PairingPollAnswer, PairingRequest } from '#protocol/pairing.ts'
import { requireAdmin, requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import type { Edge } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { notYet } from '../not-yet.ts'
import { validate } from '../validate.ts'
import { AgentCard, AgentParam, Home, PairingCard, UserCodeParam } from './answers.ts'

/** What the rest of the house does when something happens here; app.ts brings them together. */
export type AgentEvents = {
  /** The agent is no longer one of the household's: what it served must end. */
  agentRemoved: (edge: Edge, agentId: string) => Promise<void>
}

const AgentList = z.object({ agents: z.array(AgentCard) })
const Confirmed = z.object({ agentId: z.string() })

export const homeRoutes = new Hono<AppEnv>().get(
  '/',
  describe({ summary: 'Is any agent connected', access: 'person', answer: { status: 200, schema: Home } }),
  requireUser,
  async (c) => c.json(await notYet<Home>(), 200),
)

export const pairingRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: 'Ask to become one of the household’s agents',
      access: 'anyone',
      answer: { status: 201, schema: PairingAnswer },
      refuses: ['too_many', 'forbidden'],
    }),
    validate('json', PairingRequest),
    async (c) => c.json(await notYet<PairingAnswer>(), 201),
  )
  .post(
    '/poll',
    describe({
      summary: 'Has somebody confirmed?',
      access: 'anyone',
      answer: { status: 200, schema: PairingPollAnswer },
      refuses: ['pairing_unknown', 'pairing_expired'],
    }),
    validate('json', PairingPoll),
    async (c) => c.json(await notYet<PairingPollAnswer>(), 200),
  )
  .get(
    '/:userCode',
    describe({
      summary: 'Who waits behind a code',
      access: 'admin',
      answer: { status: 200, schema: PairingCard },
      refuses: ['pairing_unknown', 'pairing_expired', 'too_many'],
    }),
    requireAdmin,
    validate('param', UserCodeParam),
    async (c) => c.json(await notYet<PairingCard>(), 200),
  )
  .post(
    '/:userCode/confirm',
    describe({
      summary: 'Let the agent behind a code in',
      access: 'admin',
      answer: { status: 200, schema: Confirmed },
      refuses: ['pairing_unknown', 'pairing_expired', 'conflict', 'too_many'],
    }),
    requireAdmin,
    validate('param', UserCodeParam),
    async (c) => c.json(await notYet<z.infer<typeof Confirmed>>(), 200),
  )

export const agentRoutes = (_events: AgentEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'All agents', access: 'admin', answer: { status: 200, schema: AgentList } }),
      requireAdmin,
      async (c) => c.json(await notYet<z.infer<typeof AgentList>>(), 200),
    )
    .delete(
      '/:id',
      describe({
        summary: 'Remove an agent and end what it serves',
        access: 'admin',
        answer: { status: 204 },
        refuses: ['not_found'],
      }),
      requireAdmin,
      validate('param', AgentParam),
      async (c) => {
        await notYet()
        return c.body(null, 204)
      },
    )
    .get(
      '/:id/socket',
      describe({ summary: 'The agent’s socket', access: 'agent', answer: { status: 101 }, refuses: ['not_found'] }),
      validate('param', AgentParam),
      async () => notYet<Response>(),
    )
