/** The route by which an agent has its names published. */
import { Hono } from 'hono'
import { NamesAnswer, NamesRequest } from '#protocol/agent-names.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { requireAgent } from '../require-agent.ts'
import { publishNames } from './publish-names.ts'

export const agentNameRoutes = new Hono<AppEnv>().post(
  '/',
  describe({
    summary:
      'What is to stand in the operator’s zone for an agent: its addresses, and the challenge of its certificate',
    access: 'agent',
    answer: { status: 200, schema: NamesAnswer },
    refuses: ['bad_signature', 'not_configured', 'too_many', 'upstream_away'],
  }),
  requireAgent,
  validate('json', NamesRequest),
  async (c) => c.json(await publishNames(edgeOf(c), c.var.agentId, c.req.valid('json')), 200),
)
