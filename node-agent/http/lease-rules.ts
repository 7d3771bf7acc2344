/** How tokens of one stream renew one another. Pure. */
import type { StreamClaims } from '#protocol/stream-token.ts'
import type { Lease } from '../state/stream-state.ts'

/**
 * A `<video>` keeps the URL it was given, so a renewal must not change it: a token with a higher counter, shown on any
 * path of the stream, extends the lease, and older tokens of the same person, session and file go on until it ends.
 */
export function leaseAfter(lease: Lease | undefined, claims: StreamClaims): Lease {
  if (lease && claims.counter <= lease.counter) {
    if (!isSameViewing(lease, claims)) return lease
    return { ...lease, expiresAt: Math.max(lease.expiresAt, claims.expiresAt) }
  }
  const { streamId, personId, sessionId, sourceId, path, counter } = claims
  const expiresAt =
    lease && isSameViewing(lease, claims) ? Math.max(lease.expiresAt, claims.expiresAt) : claims.expiresAt
  return { streamId, personId, sessionId, sourceId, path, counter, expiresAt }
}

/** Until when (epoch seconds) a token is good: its own expiry, or the lease's, when it is of the same viewing. */
export function validUntil(lease: Lease | undefined, claims: StreamClaims): number {
  if (!lease || claims.counter > lease.counter || !isSameViewing(lease, claims)) return claims.expiresAt
  return Math.max(lease.expiresAt, claims.expiresAt)
}

function isSameViewing(lease: Lease, claims: StreamClaims): boolean {
  return (
    lease.streamId === claims.streamId &&
    lease.personId === claims.personId &&
    lease.sessionId === claims.sessionId &&
    lease.sourceId === claims.sourceId &&
    lease.path === claims.path
  )
}
