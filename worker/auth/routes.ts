/** The identity routes: set-up, sign-in, refresh, sign-out, me. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../describe.ts'
import { type Edge, edgeOf } from '../edge.ts'
import type { AppEnv } from '../env.ts'
import { readKeyring } from '../keyring.ts'
import { validate } from '../validate.ts'
import { Person, SessionParam, SetupRequest, SignedIn, SignInRequest } from './answers.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './refresh-cookie.ts'
import { readRefreshToken } from './refresh-token.ts'
import { requireUser } from './require-user.ts'
import { rotateSession } from './rotate-session.ts'
import { requireSameOrigin } from './same-origin.ts'
import { endSession, type Issued } from './sessions.ts'
import { claimSetup, isSetupNeeded } from './setup.ts'
import { signIn } from './sign-in.ts'

/** What the rest of the house does when something happens here; app.ts brings them together. */
export type AuthEvents = {
  /** A household exists now. */
  setupDone: (edge: Edge) => Promise<void>
  /** The session can no longer be used: what hangs on it must end too. */
  sessionEnded: (edge: Edge, sessionId: string) => Promise<void>
}

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
        return c.json(handOver(c, issued), 201)
      },
    )

export const authRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .post(
      '/sign-in',
      describe({
        summary: 'Sign in with e-mail and password',
        access: 'anyone',
        answer: { status: 200, schema: SignedIn },
        refuses: ['wrong_credentials', 'cross_site', 'busy'],
      }),
      requireSameOrigin,
      validate('json', SignInRequest),
      async (c) => c.json(handOver(c, await signIn(edgeOf(c), c.req.valid('json'))), 200),
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
          return c.json(handOver(c, await rotateSession(edge, sessionId, readRefreshCookie(c, sessionId))), 200)
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

export const meRoutes = new Hono<AppEnv>().get(
  '/',
  describe({ summary: 'Who am I', access: 'person', answer: { status: 200, schema: Person } }),
  requireUser,
  (c) => {
    const { id, email, displayName, role } = c.var.person
    c.header('Cache-Control', 'no-store')
    return c.json({ id, email, displayName, role }, 200)
  },
)

function handOver(c: Context, issued: Issued): SignedIn {
  setRefreshCookie(c, issued.signedIn.sessionId, issued.refreshToken, issued.maxAgeSeconds)
  c.header('Cache-Control', 'no-store')
  return issued.signedIn
}
