/** Begins a walk: the address to send the browser to, or the code to show, and the secret for its cookie. */
import * as z from 'zod'
import type { Edge } from '../../edge.ts'
import { askProvider } from './ask-provider.ts'
import type { ExternalWay } from './external-way.ts'
import { beginWalk, WALK_SECONDS, type Walk } from './walks.ts'

/** `redirect`: open `url` in this window. `device`: show the code, and poll every `intervalSeconds`. */
export const WalkBegun = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('redirect'), url: z.string() }),
  z.object({
    kind: z.literal('device'),
    userCode: z.string(),
    verificationUrl: z.string(),
    expiresAt: z.int(),
    intervalSeconds: z.int(),
  }),
])
export type WalkBegun = z.infer<typeof WalkBegun>

type Wanted = Pick<Walk, 'purpose' | 'signedIn'> & { returnTo: string; invite: string | null }

/** Throws `way_unavailable`. */
export async function startWalk(
  edge: Edge,
  way: ExternalWay,
  { purpose, signedIn, returnTo, invite }: Wanted,
): Promise<{ begun: WalkBegun; secret: string; maxAgeSeconds: number }> {
  const store = (memory: Pick<Walk['memory'], 'code' | 'device'>, seconds: number) =>
    beginWalk(edge, { wayId: way.id, purpose, signedIn, memory: { returnTo, invite, ...memory } }, seconds)

  if (way.kind === 'redirect') {
    const { url, memory } = await askProvider(edge, way, way.begin)
    const secret = await store({ code: memory, device: null }, WALK_SECONDS)
    return { begun: { kind: 'redirect', url: url.href }, secret, maxAgeSeconds: WALK_SECONDS }
  }
  const { userCode, verificationUrl, expiresInSeconds, memory } = await askProvider(edge, way, way.begin)
  // A code that is typed in elsewhere lives ten minutes at most (NIST SP 800-63B-4 §3.1.3.2), whatever the provider says.
  const maxAgeSeconds = Math.min(expiresInSeconds, WALK_SECONDS)
  const secret = await store({ code: null, device: { ...memory, nextPollAt: edge.now } }, maxAgeSeconds)
  const { intervalSeconds } = memory
  const expiresAt = edge.now + maxAgeSeconds
  return { begun: { kind: 'device', userCode, verificationUrl, expiresAt, intervalSeconds }, secret, maxAgeSeconds }
}
