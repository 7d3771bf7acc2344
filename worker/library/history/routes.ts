/** The routes of what was watched: read it, take one viewing out, mark watched or not. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../../auth/require-user.ts'
import { TitleId } from '../../catalog/answers.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { HistoryPage, HistoryQuery, MarkWatched, ViewingParam, WatchedPart } from './answers.ts'
import { forgetViewing, readHistory } from './history.ts'
import { markWatched, readWatchedPart } from './mark-watched.ts'

export const historyRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'What I have watched, newest first',
      access: 'person',
      answer: { status: 200, schema: HistoryPage },
    }),
    requireUser,
    validate('query', HistoryQuery),
    async (c) => c.json(await readHistory(edgeOf(c), c.var.person.viewer, c.req.valid('query').cursor), 200),
  )
  .post(
    '/marks',
    describe({
      summary: 'I have watched this, or have not: a film, an episode, a season, a show',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('json', MarkWatched),
    async (c) => {
      await markWatched(edgeOf(c), c.var.person.viewer, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .get(
    '/marks/:titleId',
    describe({
      summary: 'How much of a title I have watched',
      access: 'person',
      answer: { status: 200, schema: WatchedPart },
    }),
    requireUser,
    validate('param', z.object({ titleId: TitleId })),
    async (c) => c.json(await readWatchedPart(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId), 200),
  )
  .delete(
    '/:titleId/:watchedAtMs',
    describe({ summary: 'Take one viewing out of the history', access: 'person', answer: { status: 204 } }),
    requireUser,
    validate('param', ViewingParam),
    async (c) => {
      const { titleId, watchedAtMs } = c.req.valid('param')
      await forgetViewing(edgeOf(c), c.var.person.viewer, titleId, watchedAtMs)
      return c.body(null, 204)
    },
  )
