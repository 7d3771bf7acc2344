/** Tokens whose signature was checked a moment ago: a player sends the same one with each of its many requests. */
import { type FindVerificationKey, readStreamToken, type StreamClaims } from '#protocol/stream-token.ts'

type VerifyingKey = NonNullable<Awaited<ReturnType<FindVerificationKey>>>

/** More than a household has open at once; the one added first goes. */
const MOST_TOKENS = 256

/**
 * Claims of a genuine token, as `readStreamToken` gives them, also when they are remembered: a key that was retired
 * since makes its tokens unknown again. Times, revocation, agent and file are checked by the caller each time.
 */
export function rememberVerified(findKey: FindVerificationKey): (token: string) => Promise<StreamClaims> {
  const verified = new Map<string, { claims: StreamClaims; key: VerifyingKey }>()
  return async (token) => {
    const known = verified.get(token)
    if (known && (await findKey(known.claims.keyId)) === known.key) return known.claims
    verified.delete(token)
    const claims = await readStreamToken(token, findKey)
    const key = await findKey(claims.keyId)
    if (key) verified.set(token, { claims, key })
    const [oldest] = verified.keys()
    if (verified.size > MOST_TOKENS && oldest !== undefined) verified.delete(oldest)
    return claims
  }
}
