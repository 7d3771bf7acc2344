/** The routes of what the operator decides for the whole household: the word on lawful use, and the rules of releases. */
import { Hono } from 'hono'
import * as z from 'zod'
import { ReleaseRules } from '#protocol/release-rules.ts'
import { may } from '../../auth/may.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { confirmLawfulUse, lawfulUseConfirmedAt, readReleaseRules, saveReleaseRules } from './settings.ts'

/** Epoch seconds; null: nobody has said it yet. */
const LawfulUse = z.object({ confirmedAt: z.int().nullable() })
/** The sentence the operator agreed to was shown; nothing but yes is a word. */
const LawfulWord = z.strictObject({ isConfirmed: z.literal(true) })
const Rules = z.strictObject({ rules: ReleaseRules })

export const householdRoutes = new Hono<AppEnv>()
  .get(
    '/lawful-use',
    describe({
      summary: 'Has the operator said that what is fetched may lawfully be fetched',
      access: 'admin',
      answer: { status: 200, schema: LawfulUse },
    }),
    may('sources.read'),
    async (c) => c.json({ confirmedAt: await lawfulUseConfirmedAt(edgeOf(c)) }, 200),
  )
  .put(
    '/lawful-use',
    describe({
      summary: 'Say so, once for the household; it stands in the audit',
      access: 'admin',
      answer: { status: 204 },
      refuses: ['step_up_needed'],
    }),
    may('sources.connect'),
    validate('json', LawfulWord),
    async (c) => {
      await confirmLawfulUse(edgeOf(c), c.var.person)
      return c.body(null, 204)
    },
  )
  .get(
    '/release-rules',
    describe({
      summary: 'Which releases the household wants, and which it does not',
      access: 'admin',
      answer: { status: 200, schema: Rules },
    }),
    may('sources.read'),
    async (c) => c.json({ rules: await readReleaseRules(edgeOf(c)) }, 200),
  )
  .put(
    '/release-rules',
    describe({ summary: 'Save these rules, as a whole', access: 'admin', answer: { status: 204 } }),
    may('sources.change'),
    validate('json', Rules),
    async (c) => {
      await saveReleaseRules(edgeOf(c), c.var.person, c.req.valid('json').rules)
      return c.body(null, 204)
    },
  )
