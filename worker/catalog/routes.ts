/** The catalog routes: titles for people, offers from agents. */
import { Hono } from 'hono'
import * as z from 'zod'
import { Offers } from '#protocol/source.ts'
import { requireUser } from '../auth/require-user.ts'
import { describe } from '../describe.ts'
import type { AppEnv } from '../env.ts'
import { notYet } from '../not-yet.ts'
import { validate } from '../validate.ts'
import { TitleCard, TitleId, TitlePage } from './answers.ts'

const TitleList = z.object({ titles: z.array(TitleCard) })

export const titleRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'All titles', access: 'person', answer: { status: 200, schema: TitleList } }),
    requireUser,
    async (c) => c.json(await notYet<z.infer<typeof TitleList>>(), 200),
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
    async (c) => c.json(await notYet<TitlePage>(), 200),
  )

export const catalogRoutes = new Hono<AppEnv>().post(
  '/offers',
  describe({
    summary: 'Everything one provider of an agent offers now',
    access: 'agent',
    answer: { status: 204 },
    refuses: ['bad_signature', 'too_large'],
  }),
  validate('json', Offers),
  async (c) => {
    await notYet()
    return c.body(null, 204)
  },
)
