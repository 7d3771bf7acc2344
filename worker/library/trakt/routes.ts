/** The routes of a person's Trakt: look first, then import, keep alike, disconnect. */
import { Hono } from 'hono'
import * as z from 'zod'
import { may } from '../../auth/may.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { connected, disconnect, PreviewPart, previewStep, TraktStatus, traktStatus } from './status.ts'
import { Step } from './steps.ts'
import { syncPerson } from './sync-person.ts'
import { beginSync } from './sync-state.ts'

const status = { status: 200, schema: TraktStatus }
const refuses = ['relink_needed', 'upstream_away', 'not_configured'] as const

export const traktRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'My Trakt: connected or not, and how far the sync is', access: 'person', answer: status }),
    may('trakt.use'),
    async (c) => c.json(await traktStatus(edgeOf(c), c.var.person.id), 200),
  )
  .post(
    '/preview',
    describe({
      summary: 'One part of what an import would do; writes nothing',
      access: 'person',
      answer: { status: 200, schema: PreviewPart },
      refuses: [...refuses],
    }),
    may('trakt.use'),
    validate('json', z.strictObject({ step: Step.optional() })),
    async (c) => c.json(await previewStep(edgeOf(c), c.var.person.viewer, c.req.valid('json').step), 200),
  )
  .post(
    '/import',
    describe({
      summary: 'Import for who watches now, as the dry run showed, and keep both alike from then on',
      access: 'person',
      answer: status,
      refuses: [...refuses],
    }),
    may('trakt.use'),
    async (c) => {
      const edge = edgeOf(c)
      const { id, viewer } = c.var.person
      await connected(edge, id)
      await beginSync(edge, viewer)
      await syncPerson(edge, id, { isAsked: true })
      return c.json(await traktStatus(edge, id), 200)
    },
  )
  .post(
    '/sync',
    describe({ summary: 'Go on with the import, or sync now', access: 'person', answer: status }),
    may('trakt.use'),
    async (c) => {
      await syncPerson(edgeOf(c), c.var.person.id, { isAsked: true })
      return c.json(await traktStatus(edgeOf(c), c.var.person.id), 200)
    },
  )
  .delete(
    '/',
    describe({
      summary: 'Disconnect: the sync and its tokens end, what was watched stays',
      access: 'person',
      answer: { status: 204 },
    }),
    may('trakt.use'),
    async (c) => {
      await disconnect(edgeOf(c), c.var.person.id)
      return c.body(null, 204)
    },
  )
