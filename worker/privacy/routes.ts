/** The routes of privacy: everything about me, and being forgotten. */
import { Hono } from 'hono'
import * as z from 'zod'
import { type AuthEvents, tellEnded } from '../auth/hand-over.ts'
import { may } from '../auth/may.ts'
import { requireSameOrigin } from '../auth/same-origin.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { askErasure } from './erase-person.ts'
import { exportPerson, PersonExport } from './export-person.ts'

const ErasureAsked = z.object({ dueAt: z.int() })

export const privacyRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/export',
      describe({
        summary: 'Everything stored about me, to keep or to take elsewhere',
        access: 'person',
        answer: { status: 200, schema: PersonExport },
        refuses: ['step_up_needed'],
      }),
      may('privacy.export'),
      async (c) => {
        c.header('Cache-Control', 'no-store')
        c.header('Content-Disposition', 'attachment; filename="porchlight-export.json"')
        return c.json(await exportPerson(edgeOf(c), c.var.person.id), 200)
      },
    )
    .post(
      '/erasure',
      describe({
        summary: 'Forget me: signs me out everywhere, and in seven days erases me unless I sign in again',
        access: 'person',
        answer: { status: 202, schema: ErasureAsked },
        refuses: ['step_up_needed', 'last_way_in', 'conflict', 'cross_site'],
      }),
      requireSameOrigin,
      may('privacy.erase'),
      async (c) => {
        const edge = edgeOf(c)
        const { dueAt, endedSessionIds } = await askErasure(edge, c.var.person.id)
        await tellEnded(events, edge, endedSessionIds)
        return c.json({ dueAt }, 202)
      },
    )
