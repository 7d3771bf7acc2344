/** The admin's view of the people, and a person's own password and address. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { Email, IdParam, Password } from '../answers.ts'
import { type AuthEvents, tellEnded } from '../hand-over.ts'
import { needMailer } from '../mail/mailer.ts'
import { may } from '../may.ts'
import { endOneSession, listSessions, SessionCard } from '../own-sessions.ts'
import { addPassword, changePassword } from '../passwords.ts'
import { changeEmail, sendVerification } from './change-email.ts'
import { ChangePerson, changePerson, endSessionsOfPerson, listPeople, PersonCard, triggerReset } from './people.ts'

const PeopleList = z.object({ people: z.array(PersonCard) })
const SessionList = z.object({ sessions: z.array(SessionCard) })
const Ended = z.object({ ended: z.int() })
const PersonSession = z.object({ id: IdParam.shape.id, session: IdParam.shape.id })

export const peopleRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'Everybody', access: 'admin', answer: { status: 200, schema: PeopleList } }),
      may('people.read'),
      async (c) => c.json({ people: await listPeople(edgeOf(c)) }, 200),
    )
    .patch(
      '/:id',
      describe({
        summary: 'Change a role, disable or enable; effective at once',
        access: 'admin',
        answer: { status: 204 },
        refuses: ['step_up_needed', 'not_found', 'last_way_in', 'conflict'],
      }),
      may('people.change'),
      validate('param', IdParam),
      validate('json', ChangePerson),
      async (c) => {
        const [edge, { id }] = [edgeOf(c), c.req.valid('param')]
        await tellEnded(events, edge, await changePerson(edge, c.var.person.id, id, c.req.valid('json')))
        return c.body(null, 204)
      },
    )
    .get(
      '/:id/sessions',
      describe({
        summary: 'Where somebody is signed in',
        access: 'admin',
        answer: { status: 200, schema: SessionList },
      }),
      may('people.read'),
      validate('param', IdParam),
      async (c) => {
        const sessions = await listSessions(edgeOf(c), c.req.valid('param').id, c.var.person.sessionId)
        return c.json({ sessions }, 200)
      },
    )
    .delete(
      '/:id/sessions/:session',
      describe({
        summary: 'End one of somebody’s sessions',
        access: 'admin',
        answer: { status: 204 },
        refuses: ['not_found'],
      }),
      may('people.end-sessions'),
      validate('param', PersonSession),
      async (c) => {
        const [edge, { id, session }] = [edgeOf(c), c.req.valid('param')]
        await tellEnded(events, edge, await endOneSession(edge, id, session, c.var.person.id))
        return c.body(null, 204)
      },
    )
    .post(
      '/:id/end-sessions',
      describe({
        summary: 'End all of somebody’s sessions',
        access: 'admin',
        answer: { status: 200, schema: Ended },
        refuses: ['not_found'],
      }),
      may('people.end-sessions'),
      validate('param', IdParam),
      async (c) => {
        const edge = edgeOf(c)
        const ended = await endSessionsOfPerson(edge, c.var.person.id, c.req.valid('param').id)
        await tellEnded(events, edge, ended)
        return c.json({ ended: ended.length }, 200)
      },
    )
    .post(
      '/:id/reset',
      describe({
        summary: 'Make somebody choose a new password, by a letter to them',
        access: 'admin',
        answer: { status: 202 },
        refuses: ['step_up_needed', 'not_found', 'conflict', 'not_configured'],
      }),
      may('people.reset'),
      validate('param', IdParam),
      async (c) => {
        const edge = edgeOf(c)
        needMailer(c.env)
        await tellEnded(events, edge, await triggerReset(edge, c.var.person.id, c.req.valid('param').id))
        return c.body(null, 202)
      },
    )

const ChangePassword = z.strictObject({ current: Password, next: Password })
const AddPassword = z.strictObject({ password: Password })
const ChangeEmail = z.strictObject({ email: Email })

export const ownPasswordRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .put(
      '/',
      describe({
        summary: 'Change my password; my other sessions end',
        access: 'person',
        answer: { status: 204 },
        refuses: ['wrong_credentials', 'conflict', 'too_many', 'busy'],
      }),
      may('password.change'),
      validate('json', ChangePassword),
      async (c) => {
        const [edge, { id, sessionId }, { current, next }] = [edgeOf(c), c.var.person, c.req.valid('json')]
        if (current === next) throw new AppError('invalid', 'The new password is the one you have. Choose another.')
        await tellEnded(events, edge, await changePassword(edge, { userId: id, sessionId }, current, next))
        return c.body(null, 204)
      },
    )
    .post(
      '/',
      describe({
        summary: 'Add a password to an account that has none',
        access: 'person',
        answer: { status: 204 },
        refuses: ['step_up_needed', 'conflict', 'busy'],
      }),
      may('password.add'),
      validate('json', AddPassword),
      async (c) => {
        const [edge, { id, sessionId }] = [edgeOf(c), c.var.person]
        await tellEnded(events, edge, await addPassword(edge, { userId: id, sessionId }, c.req.valid('json').password))
        return c.body(null, 204)
      },
    )

export const ownEmailRoutes = new Hono<AppEnv>()
  .put(
    '/',
    describe({
      summary: 'Change my address; a letter asks to confirm it',
      access: 'person',
      answer: { status: 204 },
      refuses: ['step_up_needed', 'conflict'],
    }),
    may('email.change'),
    validate('json', ChangeEmail),
    async (c) => {
      await changeEmail(edgeOf(c), c.var.person.id, c.req.valid('json').email)
      return c.body(null, 204)
    },
  )
  .post(
    '/verification',
    describe({
      summary: 'Send the letter that confirms my address again',
      access: 'person',
      answer: { status: 202 },
      refuses: ['too_many', 'not_configured'],
    }),
    may('account.change'),
    async (c) => {
      needMailer(c.env)
      await sendVerification(edgeOf(c), c.var.person.id)
      return c.body(null, 202)
    },
  )
