/** The routes of how a person likes to watch, in general and in one title. */
import { Hono } from 'hono'
import * as z from 'zod'
import { requireUser } from '../auth/require-user.ts'
import { TitleId } from '../catalog/answers.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { validate } from '../validate.ts'
import { Preferences, TitleChoice } from './answers.ts'
import { readPreferences, readTitleChoice, savePreferences, saveTitleChoice } from './preferences.ts'

const TitleParam = z.object({ titleId: TitleId })

export const preferenceRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'How I like to watch',
      access: 'person',
      answer: { status: 200, schema: Preferences },
    }),
    requireUser,
    async (c) => c.json(await readPreferences(edgeOf(c), c.var.person.id), 200),
  )
  .put(
    '/',
    describe({ summary: 'Save how I like to watch, as a whole', access: 'person', answer: { status: 204 } }),
    requireUser,
    validate('json', Preferences),
    async (c) => {
      await savePreferences(edgeOf(c), c.var.person.id, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
  .get(
    '/titles/:titleId',
    describe({
      summary: 'The tracks I chose in a title',
      access: 'person',
      answer: { status: 200, schema: TitleChoice },
    }),
    requireUser,
    validate('param', TitleParam),
    async (c) => c.json(await readTitleChoice(edgeOf(c), c.var.person.id, c.req.valid('param').titleId), 200),
  )
  .put(
    '/titles/:titleId',
    describe({
      summary: 'Remember the tracks I chose in a title',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found'],
    }),
    requireUser,
    validate('param', TitleParam),
    validate('json', TitleChoice),
    async (c) => {
      await saveTitleChoice(edgeOf(c), c.var.person.viewer, c.req.valid('param').titleId, c.req.valid('json'))
      return c.body(null, 204)
    },
  )
