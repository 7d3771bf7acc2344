/** The authenticator app and the recovery codes of the signed-in person. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { readKeyring } from '../../keyring.ts'
import { validate } from '../../validate.ts'
import { findAccountById } from '../accounts.ts'
import { Password } from '../answers.ts'
import { openEmail } from '../email.ts'
import { factorPlaces, guarded } from '../guard/guarded.ts'
import { may } from '../may.ts'
import { TotpConfirmation } from '../prove.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import { removeTotp } from './remove-totp.ts'
import { confirmTotp, enrolTotp } from './totp.ts'

const Enrolment = z.object({ secret: z.string(), uri: z.string() })
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
const RemoveTotp = z.strictObject({ newPassword: Password.optional() })

export const totpRoutes = new Hono<AppEnv>()
  .post(
    '/',
    describe({
      summary: 'A secret for an authenticator app; it guards nothing until a code is confirmed',
      access: 'person',
      answer: { status: 201, schema: Enrolment },
      refuses: ['step_up_needed', 'conflict'],
    }),
    may('factors.add'),
    async (c) => {
      const edge = edgeOf(c)
      const account = await findAccountById(edge, c.var.person.id)
      const email = account && (await openEmail(readKeyring(edge.env.KEYRING), account))
      return c.json(await enrolTotp(edge, c.var.person.id, email ?? c.var.person.displayName), 201)
    },
  )
  .post(
    '/confirm',
    describe({
      summary: 'Switch the app on with a first code; the answer has the recovery codes, this once',
      access: 'person',
      answer: { status: 200, schema: RecoveryCodes },
      refuses: ['code_wrong', 'too_many', 'step_up_needed'],
    }),
    may('factors.add'),
    validate('json', TotpConfirmation),
    async (c) => {
      const [edge, { id, sessionId }] = [edgeOf(c), c.var.person]
      const confirm = () =>
        confirmTotp(edge, { userId: id, sessionId }, c.req.valid('json').code).catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'code_wrong') return error
          throw error
        })
      const codes = await guarded(edge, factorPlaces(id), confirm, (value) => !(value instanceof AppError))
      if (codes instanceof AppError) throw codes
      return c.json({ recoveryCodes: codes }, 200)
    },
  )
  .delete(
    '/',
    describe({
      summary: 'Take the authenticator app away',
      access: 'person',
      answer: { status: 204 },
      refuses: ['step_up_needed', 'last_way_in', 'not_found'],
    }),
    may('factors.remove'),
    validate('json', RemoveTotp),
    async (c) => {
      await removeTotp(edgeOf(c), c.var.person.id, c.req.valid('json').newPassword)
      return c.body(null, 204)
    },
  )

export const recoveryCodeRoutes = new Hono<AppEnv>().post(
  '/',
  describe({
    summary: 'Ten new recovery codes in place of all older ones; shown this once',
    access: 'person',
    answer: { status: 201, schema: RecoveryCodes },
    refuses: ['step_up_needed', 'conflict'],
  }),
  may('factors.add'),
  async (c) => {
    const edge = edgeOf(c)
    const account = await findAccountById(edge, c.var.person.id)
    if (!account || (!account.hasTotp && account.passkeys === 0)) {
      throw new AppError('conflict', 'Recovery codes stand in for a second factor. Add one first.')
    }
    const { codes, statements } = await newRecoveryCodes(edge, account.id)
    await edge.db.batch(statements)
    return c.json({ recoveryCodes: codes }, 201)
  },
)
