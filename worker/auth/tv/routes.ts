/** Signing a television in with a phone. */
import { Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { validate } from '../../validate.ts'
import { SecondFactorNeeded, SignedIn } from '../answers.ts'
import { type GuardPlace, guarded } from '../guard/guarded.ts'
import { type AuthEvents, handOver } from '../hand-over.ts'
import { may } from '../may.ts'
import { requireSameOrigin } from '../same-origin.ts'
import { clearSecretCookie, readSecretCookie, setSecretCookie } from '../secret-cookie.ts'
import { answerTv, beginTv, findTv, nobodyWaits, pollTv, TV_POLL_SECONDS, TV_SECONDS, TvCard } from './tv-sign-in.ts'
import { USER_CODE } from './user-code.ts'

const TvCode = z.object({
  userCode: z.string(),
  /** For the QR code; a phone that opens it still shows what waits there, and asks. */
  approveUrl: z.string(),
  expiresInSeconds: z.int(),
  pollEverySeconds: z.int(),
})
const Waiting = z.object({ status: z.literal('waiting') })
const CodeParam = z.object({ userCode: z.string().toUpperCase().regex(USER_CODE) })
const Answer = z.strictObject({ approve: z.boolean() })

/** A person who tries codes of others' televisions is held up like one who tries passwords. */
const codePlaces = (userId: string): GuardPlace[] => [{ name: `tv:${userId}`, buckets: [{ rule: 'factor' }] }]

export const tvRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .post(
      '/',
      describe({
        summary: 'A code for this television to show',
        access: 'anyone',
        answer: { status: 201, schema: TvCode },
        refuses: ['too_many', 'cross_site'],
      }),
      requireSameOrigin,
      async (c) => {
        const edge = edgeOf(c)
        const { userCode, secret } = await beginTv(edge)
        setSecretCookie(c, 'tv', secret, TV_SECONDS)
        const approveUrl = `${edge.appOrigin}/tv?code=${userCode}`
        return c.json({ userCode, approveUrl, expiresInSeconds: TV_SECONDS, pollEverySeconds: TV_POLL_SECONDS }, 201)
      },
    )
    .post(
      '/poll',
      describe({
        summary: 'Has a phone approved? Then this television is signed in',
        access: 'session_cookie',
        answer: { status: 200, schema: z.union([SignedIn, SecondFactorNeeded, Waiting]) },
        refuses: ['link_over', 'cross_site'],
      }),
      requireSameOrigin,
      async (c) => {
        const finished = await pollTv(edgeOf(c), readSecretCookie(c, 'tv'))
        if (!finished) return c.json({ status: 'waiting' as const }, 202)
        clearSecretCookie(c, 'tv')
        return c.json(await handOver(c, events, finished), 200)
      },
    )
    .get(
      '/:userCode',
      describe({
        summary: 'Which television waits behind a code',
        access: 'person',
        answer: { status: 200, schema: TvCard },
        refuses: ['link_over', 'too_many'],
      }),
      may('tv.approve'),
      validate('param', CodeParam),
      async (c) => {
        const [edge, { userCode }] = [edgeOf(c), c.req.valid('param')]
        const look = () => findTv(edge, userCode)
        const tv = await guarded(edge, codePlaces(c.var.person.id), look, (found) => found !== undefined)
        if (!tv) throw nobodyWaits()
        return c.json(tv, 200)
      },
    )
    .post(
      '/:userCode',
      describe({
        summary: 'Let the television in as me, or turn it away',
        access: 'person',
        answer: { status: 204 },
        refuses: ['link_over', 'too_many'],
      }),
      may('tv.approve'),
      validate('param', CodeParam),
      validate('json', Answer),
      async (c) => {
        const [edge, { userCode }, { id, sessionId, amr }] = [edgeOf(c), c.req.valid('param'), c.var.person]
        const answer = () =>
          answerTv(edge, userCode, { id, sessionId, amr }, c.req.valid('json').approve).then(
            () => undefined,
            (error: unknown) => {
              if (error instanceof AppError && error.code === 'link_over') return error
              throw error
            },
          )
        const refused = await guarded(edge, codePlaces(id), answer, (error) => error === undefined)
        if (refused) throw refused
        return c.body(null, 204)
      },
    )
