/** The routes of recent searches: what I looked for, to look for it again, or to be forgotten. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { forgetSearches, listSearches, rememberSearch } from './recent-searches.ts'

const Searches = z.object({ searches: z.array(z.string()) })
const Search = z.strictObject({ text: z.string().trim().min(2).max(100) })

export const searchesRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'What I searched for of late, the last first',
      access: 'person',
      answer: { status: 200, schema: Searches },
    }),
    requireUser,
    async (c) => c.json({ searches: await listSearches(edgeOf(c), c.var.person.viewer) }, 200),
  )
  .post(
    '/',
    describe({ summary: 'Keep a search that found something', access: 'person', answer: { status: 204 } }),
    requireUser,
    validate('json', Search),
    async (c) => {
      await rememberSearch(edgeOf(c), c.var.person.viewer, c.req.valid('json').text)
      return c.body(null, 204)
    },
  )
  .delete(
    '/',
    describe({ summary: 'Forget what I searched for', access: 'person', answer: { status: 204 } }),
    requireUser,
    async (c) => {
      await forgetSearches(edgeOf(c), c.var.person.viewer)
      return c.body(null, 204)
    },
  )
