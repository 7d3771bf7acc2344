/** What opens by a link: invites, a new password, a confirmed address. Secrets come in bodies, never in addresses. */
import { Hono } from 'hono'
import * as z from 'zod'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { Email, IdParam, LinkSecret, Password, SecondFactorNeeded, SignedIn } from '../answers.ts'
import { type GuardPlace, guarded } from '../guard/guarded.ts'
import { type AuthEvents, handOver, tellEnded } from '../hand-over.ts'
import { needMailer } from '../mail/mailer.ts'
import { may } from '../may.ts'
import { requireSameOrigin } from '../same-origin.ts'
import { guardNameOf } from '../sign-in.ts'
import {
  AcceptInvite,
  acceptInvite,
  InviteCard,
  LookAtInvite,
  listInvites,
  lookAtInvite,
  MadeInvite,
  MakeInvite,
  makeInvite,
  OpenInvite,
  withdrawInvite,
} from './invites.ts'
import { forgotPassword, resetPassword, verifyEmail } from './mail-links.ts'

const Forgot = z.strictObject({ email: Email })
const Reset = z.strictObject({ secret: LinkSecret, password: Password })
const Verify = z.strictObject({ secret: LinkSecret })
const InviteList = z.object({ invites: z.array(InviteCard) })

/** Every letter counts, whether the account exists or not. */
const mailPlaces = (account: string, address: string): GuardPlace[] => [
  { name: `mail:${account}`, buckets: [{ rule: 'mail' }] },
  { name: `mail:${address}`, buckets: [{ rule: 'mail' }] },
]

export const passwordLinkRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .post(
      '/password/forgot',
      describe({
        summary: 'Send a link for a new password, if somebody has this address',
        access: 'anyone',
        answer: { status: 202 },
        refuses: ['cross_site', 'too_many', 'not_configured'],
      }),
      requireSameOrigin,
      validate('json', Forgot),
      async (c) => {
        const [edge, { email }] = [edgeOf(c), c.req.valid('json')]
        needMailer(c.env)
        const places = mailPlaces(await guardNameOf(edge, email), edge.visitor?.address ?? 'unknown')
        await guarded(
          edge,
          places,
          () => forgotPassword(edge, email),
          () => false,
        )
        return c.body(null, 202)
      },
    )
    .post(
      '/password/reset',
      describe({
        summary: 'Choose a new password with a link; signs nobody in and ends every session',
        access: 'anyone',
        answer: { status: 204 },
        refuses: ['link_over', 'cross_site', 'too_many', 'busy'],
      }),
      requireSameOrigin,
      validate('json', Reset),
      async (c) => {
        const [edge, { secret, password }] = [edgeOf(c), c.req.valid('json')]
        await tellEnded(events, edge, await resetPassword(edge, secret, password))
        return c.body(null, 204)
      },
    )
    .post(
      '/email/verify',
      describe({
        summary: 'Confirm an address with a link',
        access: 'anyone',
        answer: { status: 204 },
        refuses: ['link_over', 'cross_site', 'too_many'],
      }),
      requireSameOrigin,
      validate('json', Verify),
      async (c) => {
        await verifyEmail(edgeOf(c), c.req.valid('json').secret)
        return c.body(null, 204)
      },
    )
    .post(
      '/invites/look',
      describe({
        summary: 'Who invites, and to what',
        access: 'anyone',
        answer: { status: 200, schema: OpenInvite },
        refuses: ['link_over', 'cross_site', 'too_many'],
      }),
      requireSameOrigin,
      validate('json', LookAtInvite),
      async (c) => {
        const { role, invitedBy, expiresAt } = await lookAtInvite(edgeOf(c), c.req.valid('json').secret)
        return c.json({ role, invitedBy, expiresAt }, 200)
      },
    )
    .post(
      '/invites/accept',
      describe({
        summary: 'Make an account with an invite, and sign in',
        access: 'anyone',
        answer: { status: 201, schema: z.union([SignedIn, SecondFactorNeeded]) },
        refuses: ['link_over', 'conflict', 'cross_site', 'too_many', 'busy'],
      }),
      requireSameOrigin,
      validate('json', AcceptInvite),
      async (c) => c.json(await handOver(c, events, await acceptInvite(edgeOf(c), c.req.valid('json'))), 201),
    )

export const inviteRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({ summary: 'All invites', access: 'admin', answer: { status: 200, schema: InviteList } }),
    may('invites.read'),
    async (c) => c.json({ invites: await listInvites(edgeOf(c)) }, 200),
  )
  .post(
    '/',
    describe({
      summary: 'Invite somebody; the link is in the answer, this once',
      access: 'admin',
      answer: { status: 201, schema: MadeInvite },
      refuses: ['step_up_needed'],
    }),
    may('invites.make'),
    validate('json', MakeInvite),
    async (c) => c.json(await makeInvite(edgeOf(c), c.var.person.id, c.req.valid('json')), 201),
  )
  .delete(
    '/:id',
    describe({ summary: 'Withdraw an invite', access: 'admin', answer: { status: 204 }, refuses: ['not_found'] }),
    may('invites.withdraw'),
    validate('param', IdParam),
    async (c) => {
      await withdrawInvite(edgeOf(c), c.var.person.id, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )
