/** The routes of how far a viewer is in a title, and of what comes after it. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../auth/require-user.ts'
import { TitleId } from '../catalog/answers.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { FollowingEpisode, Progress, SaveProgress } from './answers.ts'
import { nextEpisode } from './history/next-episode.ts'
import { hideProgress, readProgress, saveProgress } from './progress.ts'

const TitleParam = z.object({ titleId: TitleId })

export const progressRoutes = new Hono<AppEnv>()
  .get(
    '/:titleId',
    describe({
      summary: 'How far I am in a title; null when I have not watched it yet',
      access: 'person',
      answer: { status: 200, schema: Progress.nullable() },
    }),
    requireUser,
    validate('param', TitleParam),
    async (c) => c.json(await readProgress(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId), 200),
  )
  .delete(
    '/:titleId',
    describe({
      summary: 'Take a title out of what to continue, until it is watched again',
      access: 'person',
      answer: { status: 204 },
    }),
    requireUser,
    validate('param', TitleParam),
    async (c) => {
      await hideProgress(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId)
      return c.body(null, 204)
    },
  )
  .get(
    '/:titleId/next',
    describe({
      summary: 'The episode after this one; null after the last',
      access: 'person',
      answer: { status: 200, schema: FollowingEpisode.nullable() },
    }),
    requireUser,
    validate('param', TitleParam),
    async (c) => c.json(await nextEpisode(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId), 200),
  )
  .put(
    '/:titleId',
    describe({
      summary: 'Save how far I am; the last to watch wins',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', TitleParam),
    validate('json', SaveProgress),
    async (c) => {
      await saveProgress(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
