/** The routes of ways in that lead elsewhere: the buttons, the walk there and back, and what is connected. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { describe } from '../../describe.ts'
import { edgeOf } from '../../edge.ts'
import type { AppEnv } from '../../env.ts'
import { toRefusal } from '../../error-response.ts'
import { log } from '../../log.ts'
import { validate } from '../../validate.ts'
import { LinkSecret, SecondFactorNeeded, SignedIn } from '../answers.ts'
import { deviceOf } from '../guard/device-cookie.ts'
import { type AuthEvents, handOver, tellEnded } from '../hand-over.ts'
import { LettersGo, lettersGo } from '../mail/mailer.ts'
import { may, type SignedInPerson } from '../may.ts'
import { requireSameOrigin } from '../same-origin.ts'
import { askProvider } from './ask-provider.ts'
import { startWalk, WalkBegun } from './begin-walk.ts'
import { type Completed, completeWalk, type Door } from './complete-walk.ts'
import { externalWay } from './external-ways.ts'
import { LinkCard, listLinks, unlink } from './identities.ts'
import { pollWalk } from './poll-walk.ts'
import { listProviders, ProviderCard } from './providers.ts'
import { ReturnPath } from './return-path.ts'
import { clearWalkCookie, readWalkCookie, setWalkCookie } from './walk-cookie.ts'
import { takeWalk, type Walk } from './walks.ts'

const WayParam = z.object({ way: z.string().regex(/^[a-z0-9-]{1,40}$/) })
const LinkParam = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })
const WalkWanted = z.strictObject({ returnTo: ReturnPath.default('/'), invite: LinkSecret.optional() })
const OwnWalkWanted = z.strictObject({ returnTo: ReturnPath.default('/') })

/** What a poll finds. `second_factor`: the ticket is in a cookie; `POST /api/auth/second-factor` goes on. */
export const WalkState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pending'), intervalSeconds: z.int() }),
  z.object({ state: z.literal('signed_in'), signedIn: SignedIn }),
  z.object({ state: z.literal('second_factor'), secondFactor: SecondFactorNeeded.shape.secondFactor }),
  z.object({ state: z.literal('linked') }),
  z.object({ state: z.literal('stepped_up') }),
])
export type WalkState = z.infer<typeof WalkState>

export const wayRoutes = (events: AuthEvents) =>
  new Hono<AppEnv>()
    .get(
      '/providers',
      describe({
        summary: 'The ways in, the best first',
        access: 'anyone',
        answer: { status: 200, schema: z.object({ providers: z.array(ProviderCard), letters: LettersGo }) },
      }),
      (c) => c.json({ providers: listProviders(edgeOf(c)), letters: lettersGo(c.env) }, 200),
    )
    .post(
      '/ways/:way/begin',
      describe({
        summary: 'Begin to sign in elsewhere, with an invite or without',
        access: 'anyone',
        answer: { status: 200, schema: WalkBegun },
        refuses: ['not_found', 'way_unavailable', 'cross_site', 'too_many'],
      }),
      requireSameOrigin,
      validate('param', WayParam),
      validate('json', WalkWanted),
      async (c) => {
        const { returnTo, invite } = c.req.valid('json')
        const wanted = { purpose: 'sign_in', signedIn: null, returnTo, invite: invite ?? null } as const
        return c.json(await start(c, c.req.valid('param').way, wanted), 200)
      },
    )
    .post(
      '/ways/:way/poll',
      describe({
        summary: 'Was the code typed in? Only for the browser that shows it',
        access: 'session_cookie',
        answer: { status: 200, schema: WalkState },
        refuses: [
          'link_over',
          'way_refused',
          'way_unavailable',
          'invite_needed',
          'link_confirm_needed',
          'identity_taken',
        ],
      }),
      requireSameOrigin,
      validate('param', WayParam),
      async (c) => {
        const edge = edgeOf(c)
        const way = externalWay(c.env, c.req.valid('param').way)
        if (way.kind !== 'device') throw new AppError('not_found', 'This way to sign in has no code.')
        const polled = await pollWalk(edge, way, readWalkCookie(c))
        if ('pending' in polled) {
          return c.json({ state: 'pending' as const, intervalSeconds: polled.intervalSeconds } satisfies WalkState, 200)
        }
        clearWalkCookie(c)
        const completed = await completeWalk(edge, polled.walk, polled.account, doorOf(c, events))
        return c.json(await stateOf(c, events, completed), 200)
      },
    )
    .get(
      '/oauth/callback/:way',
      describe({
        summary: 'Where a provider sends people back; answers with the way into the app (303)',
        access: 'session_cookie',
        answer: { status: 303 },
      }),
      validate('param', WayParam),
      async (c) => c.redirect(edgeOf(c).appOrigin + (await comeBack(c, events, c.req.valid('param').way)), 303),
    )

export const linkRoutes = new Hono<AppEnv>()
  .get(
    '/',
    describe({
      summary: 'The accounts elsewhere that are mine',
      access: 'person',
      answer: { status: 200, schema: z.object({ links: z.array(LinkCard) }) },
    }),
    may('account.read'),
    async (c) => c.json({ links: await listLinks(edgeOf(c), c.var.person.id) }, 200),
  )
  .post(
    '/:way/begin',
    describe({
      summary: 'Begin to connect an account elsewhere to mine',
      access: 'person',
      answer: { status: 200, schema: WalkBegun },
      refuses: ['not_found', 'way_unavailable', 'step_up_needed', 'cross_site'],
    }),
    requireSameOrigin,
    may('links.change'),
    validate('param', WayParam),
    validate('json', OwnWalkWanted),
    async (c) => {
      const wanted = { purpose: 'link', ...ownWalk(c.var.person), ...c.req.valid('json') } as const
      return c.json(await start(c, c.req.valid('param').way, wanted), 200)
    },
  )
  .post(
    '/:way/step-up',
    describe({
      summary: 'Begin to prove once more who I am, by an account elsewhere that is mine',
      access: 'person',
      answer: { status: 200, schema: WalkBegun },
      refuses: ['not_found', 'way_unavailable', 'cross_site'],
    }),
    requireSameOrigin,
    may('account.step-up'),
    validate('param', WayParam),
    validate('json', OwnWalkWanted),
    async (c) => {
      const wanted = { purpose: 'step_up', ...ownWalk(c.var.person), ...c.req.valid('json') } as const
      return c.json(await start(c, c.req.valid('param').way, wanted), 200)
    },
  )
  .delete(
    '/:id',
    describe({
      summary: 'Take a connected account away, but for the last way in',
      access: 'person',
      answer: { status: 204 },
      refuses: ['not_found', 'last_way_in', 'step_up_needed'],
    }),
    may('links.change'),
    validate('param', LinkParam),
    async (c) => {
      await unlink(edgeOf(c), c.var.person.id, c.req.valid('param').id)
      return c.body(null, 204)
    },
  )

/** A walk of somebody who is signed in ends with them, and needs no invite. */
const ownWalk = ({ id: userId, sessionId }: SignedInPerson) => ({ signedIn: { userId, sessionId }, invite: null })

async function start<E extends AppEnv>(
  c: Context<E>,
  wayId: string,
  wanted: Parameters<typeof startWalk>[2],
): Promise<WalkBegun> {
  const { begun, secret, maxAgeSeconds } = await startWalk(edgeOf(c), externalWay(c.env, wayId), wanted)
  setWalkCookie(c, secret, maxAgeSeconds)
  c.header('Cache-Control', 'no-store')
  return begun
}

const doorOf = (c: Context<AppEnv>, events: AuthEvents): Door => ({
  deviceOf: (account) => deviceOf(c, account),
  sessionsEnded: (ids) => tellEnded(events, edgeOf(c), ids),
})

async function stateOf(c: Context<AppEnv>, events: AuthEvents, completed: Completed): Promise<WalkState> {
  if (completed.kind !== 'finished') return { state: completed.kind }
  const answer = await handOver(c, events, completed.finished)
  return 'secondFactor' in answer ? { state: 'second_factor', ...answer } : { state: 'signed_in', signedIn: answer }
}

/**
 * The path in the app, with what happened in its fragment, which no server and no log sees: `#signed-in=<session id>`
 * (public: the secret is in its cookie), `#second-factor`, `#linked=<way>`, `#stepped-up` or `#error=<code>&way=<way>`.
 */
async function comeBack(c: Context<AppEnv>, events: AuthEvents, wayId: string): Promise<string> {
  c.header('Cache-Control', 'no-store')
  const edge = edgeOf(c)
  let walk: Walk | undefined
  try {
    const way = externalWay(c.env, wayId)
    if (way.kind !== 'redirect') throw new AppError('not_found', 'Nobody comes back from there.')
    const answer = new URL(c.req.url).searchParams
    walk = await takeWalk(edge, wayId, readWalkCookie(c), answer.get('state')?.slice(0, 100) ?? '')
    clearWalkCookie(c)
    const { code } = walk.memory
    if (!code) throw new TypeError('a walk through another site remembers no state')
    const account = await askProvider(edge, way, (moment) => way.finish(moment, code, answer))
    const state = await stateOf(c, events, await completeWalk(edge, walk, account, doorOf(c, events)))
    return walk.memory.returnTo + fragmentOf(state, wayId)
  } catch (error) {
    const refusal = toRefusal(error)
    if (!refusal) log('error', 'unexpected', { correlationId: edge.correlationId, error })
    const back = walk && walk.purpose !== 'sign_in' ? walk.memory.returnTo : '/sign-in'
    return `${back}#error=${refusal?.code ?? 'internal'}&way=${wayId}`
  }
}

function fragmentOf(state: WalkState, wayId: string): string {
  if (state.state === 'signed_in') return `#signed-in=${state.signedIn.sessionId}`
  if (state.state === 'second_factor') return '#second-factor'
  return state.state === 'linked' ? `#linked=${wayId}` : '#stepped-up'
}
