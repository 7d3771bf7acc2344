/** Where agents tell of the background work they did, and are given more. */
import { Hono } from 'hono'
import { Work, WorkCall } from '#protocol/source-work.ts'
import { requireAgent } from '../../agents/require-agent.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { giveWork } from './give-work.ts'
import { takeInWork } from './take-in-work.ts'

export const workRoutes = new Hono<AppEnv>().post(
  '/',
  describe({
    summary: 'What an agent did for the catalog, and what it is to do now',
    access: 'agent',
    answer: { status: 200, schema: Work },
    refuses: ['bad_signature', 'too_large'],
  }),
  requireAgent,
  validate('json', WorkCall),
  async (c) => {
    const [edge, { done = {}, take = {} }] = [edgeOf(c), c.req.valid('json')]
    await takeInWork(edge, done, () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32)
    return c.json(await giveWork(edge, take), 200)
  },
)
