/** The route of the search. */
import { Hono } from 'hono'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { SearchAnswer, SearchQuery } from './answers.ts'
import { search } from './search.ts'

export const searchRoutes = new Hono<AppEnv>().get(
  '/',
  describe({
    summary: 'Films and shows by what is typed: names, other names, people; misspelt too',
    access: 'person',
    answer: { status: 200, schema: SearchAnswer },
  }),
  requireUser,
  validate('query', SearchQuery),
  async (c) => c.json(await search(edgeOf(c), c.var.person.viewer, c.req.valid('query')), 200),
)
