/** Passkeys: sign-in with one, and the signed-in person's own. */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { readKeyring } from '../../keyring.ts'
import { randomId } from '../../random-id.ts'
import { sha256 } from '../../sha256.ts'
import { validate } from '../../validate.ts'
import { findAccountById } from '../accounts.ts'
import { SignedIn } from '../answers.ts'
import { openEmail } from '../email.ts'
import { readTicket } from '../factors/tickets.ts'
import { finishSignIn } from '../finish-sign-in.ts'
import { deviceOf } from '../guard/device-cookie.ts'
import { type AuthEvents, handOver } from '../hand-over.ts'
import { may } from '../may.ts'
import { requireSameOrigin } from '../same-origin.ts'
import { clearSecretCookie, readSecretCookie, setSecretCookie } from '../secret-cookie.ts'
import {
  AuthenticationResponse,
  PasskeyCard,
  PasskeyOptions,
  PasskeyParam,
  RegisterPasskey,
  RenamePasskey,
} from './answers.ts'
import { CHALLENGE_SECONDS } from './challenges.ts'
import { addPasskey, listPasskeys, offerPasskey, removePasskey, renamePasskey } from './register-passkey.ts'
import { askForPasskey, PASSKEY_AMR, verifyPasskey } from './verify-passkey.ts'

const Added = z.object({ id: z.string() })
const PasskeyList = z.object({ passkeys: z.array(PasskeyCard) })

export const passkeySignInRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .post(
      '/options',
      describe({
        summary: 'What a passkey must sign to sign in; any passkey of this Porchlight will do',
        access: 'anyone',
        answer: { status: 200, schema: PasskeyOptions },
        refuses: ['cross_site', 'too_many'],
      }),
      requireSameOrigin,
      async (c) => {
        const secret = randomId()
        setSecretCookie(c, 'challenge', secret, CHALLENGE_SECONDS)
        const walk = { purpose: 'sign_in' as const, boundTo: await sha256(secret) }
        return c.json({ ...(await askForPasskey(edgeOf(c), walk)) }, 200)
      },
    )
    .post(
      '/second-factor-options',
      describe({
        summary: 'What a passkey must sign as the second factor of this browser’s sign-in',
        access: 'session_cookie',
        answer: { status: 200, schema: PasskeyOptions },
        refuses: ['link_over', 'cross_site'],
      }),
      requireSameOrigin,
      async (c) => {
        const edge = edgeOf(c)
        const { id, userId } = await readTicket(edge, readSecretCookie(c, 'ticket'))
        return c.json({ ...(await askForPasskey(edge, { purpose: 'second_factor', boundTo: id }, userId)) }, 200)
      },
    )
    .post(
      '/sign-in',
      describe({
        summary: 'Sign in with a passkey: it is enough alone',
        access: 'anyone',
        answer: { status: 200, schema: SignedIn },
        refuses: ['code_wrong', 'link_over', 'cross_site', 'too_many'],
      }),
      requireSameOrigin,
      validate('json', AuthenticationResponse),
      async (c) => {
        const edge = edgeOf(c)
        const walk = { purpose: 'sign_in' as const, boundTo: await sha256(readSecretCookie(c, 'challenge')) }
        const userId = await verifyPasskey(edge, walk, c.req.valid('json'))
        clearSecretCookie(c, 'challenge')
        const account = await findAccountById(edge, userId)
        const deviceId = await deviceOf(c, account)
        const finished = await finishSignIn(edge, { userId, method: 'passkey', amr: PASSKEY_AMR, deviceId })
        const answer = await handOver(c, events, finished)
        if ('secondFactor' in answer) throw new TypeError('a passkey is two factors')
        return c.json(answer, 200)
      },
    )

export const passkeyRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'My passkeys', access: 'person', answer: { status: 200, schema: PasskeyList } }),
    may('account.read'),
    async (c) => {
      const mine = await listPasskeys(edgeOf(c), c.var.person.id)
      const cards = mine.map(({ id, name, isBackedUp, createdAt, lastUsedAt }) => {
        return { id, name, isBackedUp, createdAt, lastUsedAt }
      })
      return c.json({ passkeys: cards }, 200)
    },
  )
  .post(
    '/options',
    describe({
      summary: 'What a new passkey must sign',
      access: 'person',
      answer: { status: 200, schema: PasskeyOptions },
      refuses: ['step_up_needed', 'conflict'],
    }),
    may('factors.add'),
    async (c) => {
      const [edge, { id, sessionId, displayName }] = [edgeOf(c), c.var.person]
      const account = await findAccountById(edge, id)
      const email = account && (await openEmail(readKeyring(edge.env.KEYRING), account))
      const options = await offerPasskey(edge, { userId: id, sessionId }, { name: email ?? displayName, displayName })
      return c.json({ ...options }, 200)
    },
  )
  .post(
    '/',
    describe({
      summary: 'Add a passkey',
      access: 'person',
      answer: { status: 201, schema: Added },
      refuses: ['step_up_needed', 'code_wrong', 'link_over', 'conflict'],
    }),
    may('factors.add'),
    validate('json', RegisterPasskey),
    async (c) => {
      const { id, sessionId } = c.var.person
      const { name, response } = c.req.valid('json')
      return c.json({ id: await addPasskey(edgeOf(c), { userId: id, sessionId }, name, response) }, 201)
    },
  )
  .patch(
    '/:id',
    describe({ summary: 'Rename a passkey', access: 'person', answer: { status: 204 }, refuses: ['not_found'] }),
    may('account.change'),
    validate('param', PasskeyParam),
    validate('json', RenamePasskey),
    async (c) => {
      await renamePasskey(edgeOf(c), c.var.person.id, c.req.valid('param').id, c.req.valid('json').name)
      return c.body(null, 204)
    },
  )
  .delete(
    '/:id',
    describe({
      summary: 'Remove a passkey, unless it is the last way in',
      access: 'person',
      answer: { status: 204 },
      refuses: ['step_up_needed', 'last_way_in', 'not_found'],
    }),
    may('factors.remove'),
    validate('param', PasskeyParam),
    async (c) => {
      await removePasskey(edgeOf(c), c.var.person.id, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
