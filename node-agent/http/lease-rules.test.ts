/** How tokens of one stream renew one another. */
import { describe, expect, it } from 'vitest'
import type { StreamClaims } from '#protocol/stream-token.ts'
import type { Lease } from '../state/stream-state.ts'
import { leaseAfter, validUntil } from './lease-rules.ts'

const viewing = { streamId: 'stream-1', personId: 'p', sessionId: 's', sourceId: 'source', path: 'film' }
const lease = (counter: number, expiresAt: number, changes: Partial<Lease> = {}): Lease => ({
  ...viewing,
  counter,
  expiresAt,
  ...changes,
})
const claims = (counter: number, expiresAt: number, changes: Partial<StreamClaims> = {}): StreamClaims => ({
  ...viewing,
  keyId: 'k',
  agentId: 'a',
  scopes: ['media'],
  notBefore: 0,
  correlationId: 'correlation',
  counter,
  expiresAt,
  ...changes,
})

describe('leaseAfter', () => {
  it.each<[string, Lease | undefined, StreamClaims, Lease]>([
    ['begins with the first token', undefined, claims(0, 100), lease(0, 100)],
    ['is extended by a newer token', lease(0, 100), claims(1, 200), lease(1, 200)],
    ['is not shortened by a newer token', lease(0, 300), claims(1, 200), lease(1, 300)],
    ['stays as it is for the same token', lease(1, 200), claims(1, 200), lease(1, 200)],
    ['stays as it is for an older token', lease(2, 300), claims(1, 200), lease(2, 300)],
    [
      'moves to another file with a newer token',
      lease(0, 300),
      claims(1, 200, { path: 'other' }),
      lease(1, 200, { path: 'other' }),
    ],
    ['is not moved by an older token of another file', lease(2, 300), claims(1, 400, { path: 'other' }), lease(2, 300)],
    [
      'is not extended by a token of its own counter for another person',
      lease(1, 300),
      claims(1, 400, { personId: 'x' }),
      lease(1, 300),
    ],
  ])('%s', (_what, before, shown, after) => {
    expect(leaseAfter(before, shown)).toEqual(after)
  })
})

describe('validUntil', () => {
  it.each<[string, Lease | undefined, StreamClaims, number]>([
    ['its own expiry without a lease', undefined, claims(0, 100), 100],
    ['the lease’s end for an older token', lease(3, 400), claims(0, 100), 400],
    ['its own expiry when that is later', lease(3, 100), claims(0, 200), 200],
    ['its own expiry for a token the lease does not know yet', lease(0, 400), claims(1, 100), 100],
    ['its own expiry for another person', lease(3, 400), claims(0, 100, { personId: 'x' }), 100],
    ['its own expiry for another session', lease(3, 400), claims(0, 100, { sessionId: 'x' }), 100],
    ['its own expiry for another source', lease(3, 400), claims(0, 100, { sourceId: 'x' }), 100],
    ['its own expiry for another file', lease(3, 400), claims(0, 100, { path: 'x' }), 100],
  ])('is %s', (_what, known, shown, expected) => {
    expect(validUntil(known, shown)).toBe(expected)
  })
})
