/** The signed-in person's own account: who they are, their sessions, their notices, step-up. */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from '../describe.ts'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { validate } from '../validate.ts'
import { findAccountById, needsSecondFactor } from './accounts.ts'
import { DisplayName, IdParam, Person } from './answers.ts'
import { openEmail } from './email.ts'
import { type AuthEvents, tellEnded } from './hand-over.ts'
import { may } from './may.ts'
import { listNotices, NoticeCard, readNotices } from './notices.ts'
import { endOneSession, endSessionsOf, listSessions, SessionCard } from './own-sessions.ts'
import { PasskeyOptions } from './passkeys/answers.ts'
import { askForPasskey } from './passkeys/verify-passkey.ts'
import { StepUpProof } from './prove.ts'
import { renamePerson } from './rename-person.ts'
import { sessionEnded } from './session-ended.ts'
import { stepUp, stepUpMethods } from './step-up.ts'

const Me = Person.extend({
  isEmailVerified: z.boolean(),
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  passkeys: z.int(),
  recoveryCodesLeft: z.int(),
  /** A password alone no longer opens this account. */
  isSecondFactorOn: z.boolean(),
})
const SessionList = z.object({ sessions: z.array(SessionCard) })
const NoticeList = z.object({ notices: z.array(NoticeCard) })
const EndSessions = z.strictObject({ keepCurrent: z.boolean() })
const Ended = z.object({ ended: z.int() })
const ChangeMe = z.strictObject({ displayName: DisplayName })
const StepUpMethods = z.object({
  methods: z.array(z.enum(['passkey', 'totp', 'recovery_code', 'password', 'identity'])),
})
const SteppedUp = z.object({ accessToken: z.string(), expiresAt: z.int(), freshUntil: z.int() })

async function readMe(edge: Edge, userId: string): Promise<z.infer<typeof Me>> {
  const account = await findAccountById(edge, userId)
  if (!account) throw sessionEnded()
  const { id, displayName, role, hasTotp, passkeys, recoveryCodesLeft } = account
  return {
    id,
    email: (await openEmail(readKeyring(edge.env.KEYRING), account)) ?? '',
    displayName,
    role,
    isEmailVerified: account.emailVerifiedAt !== null,
    hasPassword: account.passwordHash !== null,
    hasTotp,
    passkeys,
    recoveryCodesLeft,
    isSecondFactorOn: needsSecondFactor(edge, account),
  }
}

export const meRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'Who am I', access: 'person', answer: { status: 200, schema: Me } }),
      may('account.read'),
      async (c) => c.json(await readMe(edgeOf(c), c.var.person.id), 200),
    )
    .patch(
      '/',
      describe({ summary: 'Change my name', access: 'person', answer: { status: 204 } }),
      may('account.change'),
      validate('json', ChangeMe),
      async (c) => {
        await renamePerson(edgeOf(c), c.var.person.id, c.req.valid('json').displayName)
        return c.body(null, 204)
      },
    )
    .get(
      '/sessions',
      describe({ summary: 'Where I am signed in', access: 'person', answer: { status: 200, schema: SessionList } }),
      may('sessions.read'),
      async (c) => {
        const { id, sessionId } = c.var.person
        return c.json({ sessions: await listSessions(edgeOf(c), id, sessionId) }, 200)
      },
    )
    .delete(
      '/sessions/:id',
      describe({ summary: 'End one session', access: 'person', answer: { status: 204 }, refuses: ['not_found'] }),
      may('sessions.end'),
      validate('param', IdParam),
      async (c) => {
        const edge = edgeOf(c)
        await tellEnded(events, edge, await endOneSession(edge, c.var.person.id, c.req.valid('param').id))
        return c.body(null, 204)
      },
    )
    .post(
      '/sessions/end',
      describe({
        summary: 'End all my sessions, or all but this one',
        access: 'person',
        answer: { status: 200, schema: Ended },
      }),
      may('sessions.end'),
      validate('json', EndSessions),
      async (c) => {
        const [edge, { id, sessionId }] = [edgeOf(c), c.var.person]
        const keep = c.req.valid('json').keepCurrent ? sessionId : null
        const ended = await endSessionsOf(edge, id, keep, 'ended by its person')
        await tellEnded(events, edge, ended)
        return c.json({ ended: ended.length }, 200)
      },
    )
    .get(
      '/notices',
      describe({
        summary: 'What happened to my account',
        access: 'person',
        answer: { status: 200, schema: NoticeList },
      }),
      may('account.read'),
      async (c) => c.json({ notices: await listNotices(edgeOf(c), c.var.person.id) }, 200),
    )
    .post(
      '/notices/read',
      describe({ summary: 'I have seen them', access: 'person', answer: { status: 204 } }),
      may('account.read'),
      async (c) => {
        await readNotices(edgeOf(c), c.var.person.id)
        return c.body(null, 204)
      },
    )

export const stepUpRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'How I can prove that it is me',
      access: 'person',
      answer: { status: 200, schema: StepUpMethods },
    }),
    may('account.step-up'),
    async (c) => c.json({ methods: await stepUpMethods(edgeOf(c), c.var.person) }, 200),
  )
  .post(
    '/',
    describe({
      summary: 'Prove again that it is me; the session is fresh for ten minutes',
      access: 'person',
      answer: { status: 200, schema: SteppedUp },
      refuses: ['code_wrong', 'wrong_credentials', 'second_factor_needed', 'too_many', 'link_over', 'busy'],
    }),
    may('account.step-up'),
    validate('json', StepUpProof),
    async (c) => c.json(await stepUp(edgeOf(c), c.var.person, c.req.valid('json')), 200),
  )
  .post(
    '/passkey-options',
    describe({
      summary: 'What a passkey must sign for step-up',
      access: 'person',
      answer: { status: 200, schema: PasskeyOptions },
    }),
    may('account.step-up'),
    async (c) => {
      const { id, sessionId } = c.var.person
      return c.json({ ...(await askForPasskey(edgeOf(c), { purpose: 'step_up', boundTo: sessionId }, id)) }, 200)
    },
  )
