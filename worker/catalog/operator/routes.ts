/** The routes of sources that the operator adds by hand, beneath a title's own. */
import { Hono } from 'hono'
import { may } from '../../auth/may.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { NewSource, SourceAdded, SourceParam, TitleParam } from './answers.ts'
import { addSource, removeSource } from './own-sources.ts'

export const ownSourceRoutes = new Hono<AppEnv>()
  .post(
    '/:id/sources',
    describe({
      summary: 'Add a source by a magnet link or a .torrent of up to 2 MB',
      access: 'admin',
      answer: { status: 201, schema: SourceAdded },
      refuses: ['not_found', 'conflict', 'too_large'],
    }),
    may('sources.change'),
    validate('param', TitleParam),
    validate('json', NewSource),
    async (c) => {
      const [edge, { id }, added] = [edgeOf(c), c.req.valid('param'), c.req.valid('json')]
      return c.json(await addSource(edge, c.var.person, id, added), 201)
    },
  )
  .delete(
    '/:id/sources/:source',
    describe({
      summary: 'Take a source away that was added by hand',
      access: 'admin',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    may('sources.change'),
    validate('param', SourceParam),
    async (c) => {
      const { id, source } = c.req.valid('param')
      await removeSource(edgeOf(c), c.var.person, id, source)
      return c.body(null, 204)
    },
  )
