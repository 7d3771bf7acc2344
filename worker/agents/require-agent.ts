/** Middleware: a request signed by a paired agent, body and all. */
import { eq } from 'drizzle-orm'
import { createMiddleware } from 'hono/factory'
import { digestBody, SignedRequestHeaders, verifyRequest } from '#protocol/agent-proof.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { AppError } from '#protocol/errors.ts'
import { openDb } from '../db.ts'
import type { AppEnv } from '../env.ts'
import { agents } from './schema.ts'

export type AgentEnv = { Bindings: AppEnv['Bindings']; Variables: AppEnv['Variables'] & { agentId: string } }

const badSignature = () => new AppError('bad_signature', 'This request is not signed by an agent of this household.')

/** Sets `agentId`. The same answer for a missing, unknown, stale, foreign or altered signature. */
export const requireAgent = createMiddleware<AgentEnv>(async (c, next) => {
  const headers = SignedRequestHeaders.safeParse(c.req.header())
  if (!headers.success) throw badSignature()
  const signed = headers.data
  const { pathname, search } = new URL(c.req.url)
  const request = { method: c.req.method, path: pathname + search, headers: signed }
  const [agent] = await openDb(c.env.DB)
    .select({ publicKey: agents.publicKey })
    .from(agents)
    .where(eq(agents.id, signed['x-agent-id']))
  if (!agent || !(await verifyRequest(await importPublicKey(agent.publicKey), request, c.var.now))) throw badSignature()
  if ((await digestBody(await c.req.text())) !== signed['x-agent-body-digest']) throw badSignature()
  c.set('agentId', signed['x-agent-id'])
  await next()
})
