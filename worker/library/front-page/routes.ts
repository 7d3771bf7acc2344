/** The front page: one request for all of it. */
import { Hono } from 'hono'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { FrontPage } from './answers.ts'
import { readFrontPage } from './read-front-page.ts'

export const frontPageRoutes = new Hono<AppEnv>().get(
  '/',
  describe({
    summary: 'The front page: what to go on with, what comes next, and what else there is for me',
    access: 'person',
    answer: { status: 200, schema: FrontPage },
  }),
  requireUser,
  async (c) => c.json(await readFrontPage(edgeOf(c), c.var.person.viewer), 200),
)
