/** The list routes: what lists there are, what is in one, and changing one's own. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../../auth/require-user.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import {
  ChangeList,
  ListCard,
  ListId,
  ListItemParam,
  ListPage,
  ListParam,
  ListsQuery,
  MakeList,
  PageQuery,
  PlaceTitle,
} from './answers.ts'
import { changeList, makeList, placeTitle, removeList, takeTitleOut } from './change-lists.ts'
import { listLists, readList } from './lists.ts'

const Lists = z.object({ lists: z.array(ListCard) })
const Made = z.object({ id: ListId })

export const listRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'The lists there are for me; of each, whether it holds `title`',
      access: 'person',
      answer: { status: 200, schema: Lists },
    }),
    requireUser,
    validate('query', ListsQuery),
    async (c) => {
      const { title } = c.req.valid('query')
      return c.json({ lists: await listLists(edgeOf(c), c.var.person.viewer, title) }, 200)
    },
  )
  .post(
    '/',
    describe({
      summary: 'Make a list',
      access: 'person',
      answer: { status: 201, schema: Made },
      refuses: ['conflict'],
    }),
    requireUser,
    validate('json', MakeList),
    async (c) => c.json({ id: await makeList(edgeOf(c), c.var.person.viewer, c.req.valid('json')) }, 201),
  )
  .get(
    '/:id',
    describe({
      summary: 'A page of one list (`watchlist`: my own)',
      access: 'person',
      answer: { status: 200, schema: ListPage },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', ListParam),
    validate('query', PageQuery),
    async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await readList(edgeOf(c), c.var.person.viewer, id, c.req.valid('query').cursor), 200)
    },
  )
  .patch(
    '/:id',
    describe({
      summary: 'Change a list of mine',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', ListParam),
    validate('json', ChangeList),
    async (c) => {
      await changeList(edgeOf(c), c.var.person.viewer, c.req.valid('param').id, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id',
    describe({ summary: 'Remove a list of mine', access: 'person', answer: { status: 204 }, refuses: ['not_found'] }),
    requireUser,
    validate('param', ListParam),
    async (c) => {
      await removeList(edgeOf(c), c.var.person.viewer, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
  .put(
    '/:id/titles/:titleId',
    describe({
      summary: 'Put a title into a list of mine, or at another place in it',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found', 'conflict'],
    }),
    requireUser,
    validate('param', ListItemParam),
    validate('json', PlaceTitle),
    async (c) => {
      await placeTitle(edgeOf(c), c.var.person.viewer, { ...c.req.valid('param'), ...c.req.valid('json') })
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id/titles/:titleId',
    describe({
      summary: 'Take a title out of a list of mine',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', ListItemParam),
    async (c) => {
      const { id, titleId } = c.req.valid('param')
      await takeTitleOut(edgeOf(c), c.var.person.viewer, id, titleId)
      return c.body(null, 204)
    },
  )
