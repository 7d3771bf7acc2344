/** The relay's two doors: the viewer's, by token, and the agent's, by signature. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { SignedRequestHeaders, STREAMED_BODY } from '#protocol/agent-proof.ts'
import { AppError } from '#protocol/errors.ts'
import { RelayPart } from '#protocol/relay.ts'
import { readStreamPath } from '#protocol/stream-url.ts'
import { describe } from '../describe.ts'
import { edgeOf } from '../edge.ts'
import type { AppEnv, Bindings } from '../env.ts'
import { validate } from '../validate.ts'
import { checkStreamToken } from './check-stream-token.ts'
import { TICKET_HEADER, type Ticket } from './relay.ts'

const Token = z.object({ token: z.string().regex(/^[A-Za-z0-9_.-]{1,4096}$/) })
const id = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
const Exchange = z.object({ streamId: id, requestId: id })

const viewer = describe({
  summary: 'Bytes or status of a stream through the edge, when home cannot be reached directly',
  access: 'stream_token',
  answer: { status: 206, schema: z.string(), type: 'application/octet-stream' },
  refuses: ['relay_off', 'token_invalid', 'token_expired', 'token_revoked', 'agent_offline', 'timed_out', 'relay_full'],
})

const relayOf = (env: Bindings, streamId: string) => env.RELAY_POINT.get(env.RELAY_POINT.idFromName(streamId))

export const viewerRoutes = new Hono<AppEnv>()
  .get('/:token', viewer, validate('param', Token), (c) => relay(c, c.req.valid('param').token))
  .get('/:token/*', viewer, validate('param', Token), (c) => relay(c, c.req.valid('param').token))

async function relay(c: Context<AppEnv>, token: string): Promise<Response> {
  checkIsOn(c.env)
  const { path } = c.req
  if (readStreamPath(path)?.token !== token) throw new AppError('not_found', 'There is nothing at this address.')
  const claims = await checkStreamToken(edgeOf(c), token)
  const { streamId, agentId, personId, correlationId } = claims
  // The player’s own requests carry no id: the token does.
  c.set('correlationId', correlationId)
  const ticket: Ticket = { streamId, agentId, personId, correlationId, path }
  const headers = new Headers(c.req.raw.headers)
  headers.set(TICKET_HEADER, JSON.stringify(ticket))
  const { method, signal } = c.req.raw
  const response = await relayOf(c.env, streamId).fetch(new Request(c.req.url, { method, headers, signal }))
  // As it is: a copy with other headers would pull the bytes through JavaScript.
  c.set('untouched', true)
  return response
}

export const relayRoutes = new Hono<AppEnv>().post(
  '/:streamId/:requestId',
  describe({
    summary: 'One part of the answer a viewer waits for',
    access: 'agent',
    answer: { status: 204 },
    refuses: ['bad_signature', 'not_found', 'conflict', 'too_large'],
  }),
  validate('param', Exchange),
  validate('query', RelayPart),
  async (c) => {
    checkIsOn(c.env)
    // The signature itself is checked in the object, which knows the agent's key: no read of the database for a part.
    const signed = SignedRequestHeaders.safeParse(c.req.header())
    if (!signed.success || signed.data['x-agent-body-digest'] !== STREAMED_BODY) {
      throw new AppError('bad_signature', 'This answer is not signed by an agent.')
    }
    const response = await relayOf(c.env, c.req.valid('param').streamId).fetch(c.req.raw)
    c.set('untouched', true)
    return response
  },
)

function checkIsOn(env: Bindings): void {
  if (env.RELAY === 'on') return
  throw new AppError('relay_off', 'The relay is switched off here. Connect to the network where your agent is.')
}
