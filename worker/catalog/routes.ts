/** The catalog routes: titles for people, offers from agents. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { Offers } from '#protocol/source.ts'
import { requireAgent } from '../agents/require-agent.ts'
import { requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { TitleCard, TitleId, TitlePage } from './answers.ts'
import { acceptOffers } from './offers.ts'
import { listTitles, readTitle } from './titles.ts'

const TitleList = z.object({ titles: z.array(TitleCard) })

export const titleRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'All titles', access: 'person', answer: { status: 200, schema: TitleList } }),
    requireUser,
    async (c) => c.json({ titles: await listTitles(edgeOf(c).db, c.var.person.viewer) }, 200),
  )
  .get(
    '/:id',
    describe({
      summary: 'One title and its sources',
      access: 'person',
      answer: { status: 200, schema: TitlePage },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', z.object({ id: TitleId })),
    async (c) => {
      const title = await readTitle(edgeOf(c).db, c.var.person.viewer, c.req.valid('param').id)
      if (!title) throw new AppError('not_found', 'There is no such title. It may have been withdrawn.')
      return c.json(title, 200)
    },
  )

export const catalogRoutes = new Hono<AppEnv>().post(
  '/offers',
  describe({
    summary: 'Everything one provider of an agent offers now',
    access: 'agent',
    answer: { status: 204 },
    refuses: ['bad_signature', 'too_large'],
  }),
  requireAgent,
  validate('json', Offers),
  async (c) => {
    await acceptOffers(edgeOf(c), c.var.agentId, c.req.valid('json'))
    return c.body(null, 204)
  },
)
