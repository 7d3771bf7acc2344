/** The relay's door: a genuine token whose grant still stands, before anything else happens. */
import { eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { readStreamToken, type StreamClaims } from '#protocol/stream-token.ts'
import { sessions } from '../auth/schema.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { streamGrants } from '../playback/schema.ts'
import { signingKey } from '../signing-keys.ts'

const refuse = (code: 'token_invalid' | 'token_expired' | 'token_revoked', sentence: string) =>
  new AppError(code, `${sentence} Start the film again from its page.`)

/**
 * The grant's row is the lease: while it lives, an older token of the same stream is good, because the player keeps
 * the URL it was given; once it is revoked or its session is over, none is. One query by primary key.
 */
export async function checkStreamToken(edge: Edge, token: string): Promise<StreamClaims> {
  const ring = readKeyring(edge.env.KEYRING)
  const claims = await readStreamToken(
    token,
    async (keyId) => (await signingKey(ring, 'stream-token', keyId))?.verifyKey,
  )
  if (!claims.scopes.includes('media') || claims.notBefore > edge.now)
    throw refuse('token_invalid', 'This link is not valid.')
  const [grant] = await edge.db
    .select({
      personId: streamGrants.personId,
      sessionId: streamGrants.sessionId,
      agentId: streamGrants.agentId,
      sourceId: streamGrants.sourceId,
      path: streamGrants.path,
      expiresAt: streamGrants.expiresAt,
      revokedAt: streamGrants.revokedAt,
      sessionRevokedAt: sessions.revokedAt,
    })
    .from(streamGrants)
    .innerJoin(sessions, eq(sessions.id, streamGrants.sessionId))
    .where(eq(streamGrants.id, claims.streamId))
  if (!grant || grant.revokedAt !== null || grant.sessionRevokedAt !== null) {
    throw refuse('token_revoked', 'This stream was ended.')
  }
  if (grant.expiresAt <= edge.now) throw refuse('token_expired', 'This link has expired.')
  if (grant.personId !== claims.personId || grant.sessionId !== claims.sessionId) {
    throw refuse('token_invalid', 'This link is not valid.')
  }
  if (grant.agentId !== claims.agentId) {
    throw new AppError('token_for_another_agent', 'This stream has moved to another agent. Use its newest link.')
  }
  if (grant.sourceId !== claims.sourceId || grant.path !== claims.path) {
    throw new AppError('token_for_another_file', 'This link is for another file. Use the stream’s newest link.')
  }
  return claims
}
