/** The agent routes: pairing, the list, removal, the socket; and the lamp. */
import { Hono } from 'hono'
import * as z from 'zod'
import { PairingAnswer, PairingPoll, PairingPollAnswer, PairingRequest } from '#protocol/pairing.ts'
import { requireAdmin, requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { isAnybodyHome, listAgents, removeAgent, setAgentMode } from './agents.ts'
import { AgentCard, AgentParam, Home, ModeChange, PairingCard, UserCodeParam } from './answers.ts'
import { openSocket } from './open-socket.ts'
import { confirmPairing, findPairing, pollPairing, requestPairing } from './pairing.ts'
import { withinTries } from './pairing-tries.ts'

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
  async (c) => c.json(await isAnybodyHome(edgeOf(c)), 200),
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
    async (c) => {
      // Only Cloudflare sets this header; X-Forwarded-For is anybody's to write.
      const address = c.req.header('cf-connecting-ip') ?? 'unknown'
      return c.json(await requestPairing(edgeOf(c), c.req.valid('json'), address), 201)
    },
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
    async (c) => c.json(await pollPairing(edgeOf(c), c.req.valid('json').pollToken), 200),
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
    async (c) => {
      const [edge, { userCode }] = [edgeOf(c), c.req.valid('param')]
      return c.json(await withinTries(edge, c.var.person.id, () => findPairing(edge, userCode)), 200)
    },
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
    async (c) => {
      const [edge, personId, { userCode }] = [edgeOf(c), c.var.person.id, c.req.valid('param')]
      const agentId = await withinTries(edge, personId, () => confirmPairing(edge, userCode, personId))
      return c.json({ agentId }, 200)
    },
  )

export const agentRoutes = (events: AgentEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'All agents', access: 'admin', answer: { status: 200, schema: AgentList } }),
      requireAdmin,
      async (c) => c.json({ agents: await listAgents(edgeOf(c)) }, 200),
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
        const [edge, agentId] = [edgeOf(c), c.req.valid('param').id]
        await removeAgent(edge, agentId, c.var.person.id, () => events.agentRemoved(edge, agentId))
        return c.body(null, 204)
      },
    )
    .post(
      '/:id/mode',
      describe({
        summary: 'Drain an agent, look after it, or let it serve again',
        access: 'admin',
        answer: { status: 204 },
        refuses: ['not_found'],
      }),
      requireAdmin,
      validate('param', AgentParam),
      validate('json', ModeChange),
      async (c) => {
        await setAgentMode(edgeOf(c), c.req.valid('param').id, c.var.person.id, c.req.valid('json').mode)
        return c.body(null, 204)
      },
    )
    .get(
      '/:id/socket',
      describe({ summary: 'The agent’s socket', access: 'agent', answer: { status: 101 }, refuses: ['not_found'] }),
      validate('param', AgentParam),
      async (c) => {
        c.set('untouched', true)
        return openSocket(edgeOf(c), c.req.raw, c.req.valid('param').id)
      },
    )
