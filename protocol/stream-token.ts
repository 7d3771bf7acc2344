/** The stream token: what the edge mints, and what an agent checks offline before it reads a byte. */
import * as z from 'zod'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import { CorrelationId } from './correlation.ts'
import { signText, verifyText } from './ed25519.ts'
import { AppError } from './errors.ts'

/** How long one token is good for; the player renews it while it plays. */
export const STREAM_TOKEN_SECONDS = 300

export const StreamScope = z.enum(['media', 'subtitles', 'thumbnails'])
export type StreamScope = z.infer<typeof StreamScope>

/**
 * Who may read which file from which agent, and until when. Bound to person, session and title on the edge
 * (through the grant) and to file and agent here. Times are epoch seconds by the edge's clock.
 */
export const StreamClaims = z.strictObject({
  keyId: z.string().min(1).max(32),
  streamId: z.string().min(8).max(64),
  personId: z.string().min(1).max(64),
  sessionId: z.string().min(1).max(64),
  agentId: z.string().min(1).max(64),
  /** File identity: the edge's source id and the path of the file inside that source. */
  sourceId: z.string().min(1).max(64),
  path: z.string().min(1).max(1024),
  scopes: z.array(StreamScope).max(3),
  notBefore: z.int(),
  expiresAt: z.int(),
  /** Rises with every renewal of the same stream, so that a newer token outranks an older one. */
  counter: z.int().nonnegative(),
  correlationId: CorrelationId,
})
export type StreamClaims = z.infer<typeof StreamClaims>

/** `v1.<base64url(JSON)>.<base64url(Ed25519 over everything before the last dot)>`; deliberately not a JWT. */
export async function signStreamToken(claims: StreamClaims, privateKey: CryptoKey): Promise<string> {
  const payload = encodeBase64Url(new TextEncoder().encode(JSON.stringify(StreamClaims.parse(claims))))
  const signed = `v1.${payload}`
  return `${signed}.${await signText(privateKey, signed)}`
}

/** Finds the verification key for a key id; undefined when that id was never published or has been retired. */
export type FindVerificationKey = (keyId: string) => CryptoKey | undefined | Promise<CryptoKey | undefined>

/**
 * Claims of a genuine token, whatever its times say: expiry, revocation, file and agent are the caller's to check,
 * because only the caller knows its clock, its leases and itself. Throws `token_invalid` for everything else.
 */
export async function readStreamToken(token: string, findKey: FindVerificationKey): Promise<StreamClaims> {
  const invalid = () => new AppError('token_invalid', 'This link is not valid. Start the film again from its page.')
  const [version, payload, signature, ...rest] = token.length <= 4096 ? token.split('.') : []
  if (version !== 'v1' || !payload || !signature || rest.length > 0) throw invalid()
  const claims = StreamClaims.safeParse(parseJson(decodeBase64Url(payload)))
  if (!claims.success) throw invalid()
  const key = await findKey(claims.data.keyId)
  if (!key || !(await verifyText(key, `v1.${payload}`, signature))) throw invalid()
  return claims.data
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
