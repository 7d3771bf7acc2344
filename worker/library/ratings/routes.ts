/** The routes of what a viewer thinks of a title. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../../auth/require-user.ts'
import { TitleId } from '../../catalog/answers.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { Rate, Rating } from './answers.ts'
import { rate, readRating, takeRatingBack } from './ratings.ts'

const TitleParam = z.object({ titleId: TitleId })

export const ratingRoutes = new Hono<AppEnv>()
  .get(
    '/:titleId',
    describe({
      summary: 'My rating of a title; null when I have none',
      access: 'person',
      answer: { status: 200, schema: Rating.nullable() },
    }),
    requireUser,
    validate('param', TitleParam),
    async (c) => c.json(await readRating(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId), 200),
  )
  .put(
    '/:titleId',
    describe({
      summary: 'Rate a film, a show or an episode, 1 to 10; Trakt is told if I have it',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', TitleParam),
    validate('json', Rate),
    async (c) => {
      await rate(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .delete(
    '/:titleId',
    describe({ summary: 'Take my rating back, here and at Trakt', access: 'person', answer: { status: 204 } }),
    requireUser,
    validate('param', TitleParam),
    async (c) => {
      await takeRatingBack(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId)
      return c.body(null, 204)
    },
  )
