/** Set-up, sign-in with a password, the second factor, refresh, sign-out. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { validate } from '../validate.ts'
import { findAccountById, secondFactorsOf } from './accounts.ts'
import { SecondFactorNeeded, SessionParam, SetupRequest, SignedIn, SignInRequest } from './answers.ts'
import { readTicket, spendTicket, takeTry } from './factors/tickets.ts'
import { finishSignIn } from './finish-sign-in.ts'
import { deviceOf, readDeviceCookie } from './guard/device-cookie.ts'
import { type AuthEvents, handOver, handOverIssued } from './hand-over.ts'
import { proveSecondFactor, SecondFactorProof } from './prove.ts'
import { clearRefreshCookie, readRefreshCookie } from './refresh-cookie.ts'
import { readRefreshToken } from './refresh-token.ts'
import { rotateSession } from './rotate-session.ts'
import { requireSameOrigin } from './same-origin.ts'
import { mergeAmr } from './second-factor-rule.ts'
import { clearSecretCookie, readSecretCookie } from './secret-cookie.ts'
import { endSession } from './sessions.ts'
import { claimSetup, isSetupNeeded } from './setup.ts'
import { guardNameOf, signIn } from './sign-in.ts'

const SetupNeeded = z.object({ needed: z.boolean() })

export const setupRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ summary: 'Is there nobody yet?', access: 'anyone', answer: { status: 200, schema: SetupNeeded } }),
      async (c) => c.json({ needed: await isSetupNeeded(edgeOf(c).db) }, 200),
    )
    .post(
      '/',
      describe({
        summary: 'Make the first admin with the one-time secret, and sign in',
        access: 'anyone',
        answer: { status: 201, schema: SignedIn },
        refuses: ['setup_closed', 'setup_secret_wrong', 'setup_secret_expired', 'cross_site', 'busy'],
      }),
      requireSameOrigin,
      validate('json', SetupRequest),
      async (c) => {
        const edge = edgeOf(c)
        const issued = await claimSetup(edge, c.req.valid('json'))
        await events.setupDone(edge)
        return c.json(handOverIssued(c, issued), 201)
      },
    )

export const authRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .post(
      '/sign-in',
      describe({
        summary: 'Sign in with e-mail and password; 202 when a second factor is still to be shown',
        access: 'anyone',
        answer: { status: 200, schema: z.union([SignedIn, SecondFactorNeeded]) },
        refuses: ['wrong_credentials', 'too_many', 'cross_site', 'busy'],
      }),
      requireSameOrigin,
      validate('json', SignInRequest),
      async (c) => {
        const [edge, request] = [edgeOf(c), c.req.valid('json')]
        const device = await readDeviceCookie(c, readKeyring(c.env.KEYRING), await guardNameOf(edge, request.email))
        const answer = await handOver(c, events, await signIn(edge, request, device))
        return 'secondFactor' in answer ? c.json(answer, 202) : c.json(answer, 200)
      },
    )
    .get(
      '/second-factor',
      describe({
        summary: 'What this browser’s sign-in still waits for',
        access: 'session_cookie',
        answer: { status: 200, schema: SecondFactorNeeded },
        refuses: ['link_over', 'cross_site'],
      }),
      requireSameOrigin,
      async (c) => {
        const edge = edgeOf(c)
        const ticket = await readTicket(edge, readSecretCookie(c, 'ticket'))
        const account = await findAccountById(edge, ticket.userId)
        const methods = account ? secondFactorsOf(account) : []
        return c.json({ secondFactor: { methods, expiresAt: ticket.expiresAt } }, 200)
      },
    )
    .post(
      '/second-factor',
      describe({
        summary: 'Show the second factor, and be signed in',
        access: 'session_cookie',
        answer: { status: 200, schema: SignedIn },
        refuses: ['code_wrong', 'link_over', 'too_many', 'cross_site'],
      }),
      requireSameOrigin,
      validate('json', SecondFactorProof),
      async (c) => {
        const edge = edgeOf(c)
        const ticket = await takeTry(edge, readSecretCookie(c, 'ticket'))
        const walk = { purpose: 'second_factor' as const, boundTo: ticket.id }
        const { amr } = await proveSecondFactor(edge, ticket.userId, c.req.valid('json'), walk)
        await spendTicket(edge, ticket)
        const account = await findAccountById(edge, ticket.userId)
        const proof = { userId: ticket.userId, method: ticket.method, amr: mergeAmr(ticket.amr.split(','), amr) }
        const answer = await handOver(
          c,
          events,
          await finishSignIn(edge, { ...proof, deviceId: await deviceOf(c, account) }),
        )
        if ('secondFactor' in answer) throw new TypeError('a second factor was shown and asked for again')
        clearSecretCookie(c, 'ticket')
        return c.json(answer, 200)
      },
    )
    .delete(
      '/second-factor',
      describe({
        summary: 'Give this sign-in up',
        access: 'session_cookie',
        answer: { status: 204 },
        refuses: ['cross_site'],
      }),
      requireSameOrigin,
      (c) => {
        clearSecretCookie(c, 'ticket')
        return c.body(null, 204)
      },
    )
    .post(
      '/refresh/:session',
      describe({
        summary: 'Swap the refresh cookie for a new one and an access token',
        access: 'session_cookie',
        answer: { status: 200, schema: SignedIn },
        refuses: ['session_ended', 'refresh_reused', 'cross_site'],
      }),
      requireSameOrigin,
      validate('param', SessionParam),
      async (c) => {
        const [edge, sessionId] = [edgeOf(c), c.req.valid('param').session]
        try {
          return c.json(handOverIssued(c, await rotateSession(edge, sessionId, readRefreshCookie(c, sessionId))), 200)
        } catch (error) {
          // Only reuse clears the cookie: whoever lost a race must leave the winner's alone.
          if (error instanceof AppError && error.code === 'refresh_reused') {
            clearRefreshCookie(c, sessionId)
            await events.sessionEnded(edge, sessionId)
          }
          throw error
        }
      },
    )
    .post(
      '/logout/:session',
      describe({ summary: 'Sign out', access: 'session_cookie', answer: { status: 204 }, refuses: ['cross_site'] }),
      requireSameOrigin,
      validate('param', SessionParam),
      async (c) => {
        const [edge, sessionId] = [edgeOf(c), c.req.valid('param').session]
        const token = await readRefreshToken(readKeyring(c.env.KEYRING), readRefreshCookie(c, sessionId) ?? '')
        if (token?.sessionId === sessionId && (await endSession(edge, sessionId, 'signed out'))) {
          await events.sessionEnded(edge, sessionId)
        }
        clearRefreshCookie(c, sessionId)
        c.header('Cache-Control', 'no-store')
        return c.body(null, 204)
      },
    )
