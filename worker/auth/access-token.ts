/** The access token: a 15-minute JWT (RFC 9068) that says who asks; whether they still may is read from the session. */
import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Keyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { activeSigningKey, signingKey } from '../signing-keys.ts'
import { Role } from './answers.ts'

export const ACCESS_TOKEN_SECONDS = 15 * 60
const ISSUER = 'urn:porchlight:edge'
const AUDIENCE = 'urn:porchlight:api'
const TYPE = 'at+jwt'

export const AccessClaims = z.object({
  sub: z.string(),
  sid: z.string(),
  /** For display only: what a person may do is read from their row. */
  role: Role,
  amr: z.array(z.string()),
  auth_time: z.int(),
})
export type AccessClaims = z.infer<typeof AccessClaims>

/** `now` is epoch seconds. */
export async function mintAccessToken(
  ring: Keyring,
  claims: AccessClaims,
  now: number,
): Promise<{ accessToken: string; expiresAt: number }> {
  const key = await activeSigningKey(ring, 'access-token')
  const expiresAt = now + ACCESS_TOKEN_SECONDS
  const { sub, ...rest } = claims
  const accessToken = await new SignJWT(rest)
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: key.keyId })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setJti(randomId())
    .setIssuedAt(now)
    .setExpirationTime(expiresAt)
    .sign(key.privateKey)
  return { accessToken, expiresAt }
}

/** Claims of a genuine, current token, else AppError('not_signed_in'), the same for every reason. */
export async function verifyAccessToken(ring: Keyring, token: string, now: number): Promise<AccessClaims> {
  try {
    // The key comes from our ring by id; `jku`, `jwk` and `x5u` of the header are never looked at.
    const key = await signingKey(ring, 'access-token', decodeProtectedHeader(token).kid ?? '')
    if (!key) throw notSignedIn()
    const { payload } = await jwtVerify(token, key.verifyKey, {
      algorithms: ['EdDSA'],
      typ: TYPE,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['exp', 'iat', 'sub', 'sid', 'jti'],
      maxTokenAge: ACCESS_TOKEN_SECONDS,
      currentDate: new Date(now * 1000),
    })
    return AccessClaims.parse(payload)
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof z.ZodError || error instanceof TypeError) {
      throw notSignedIn(error)
    }
    throw error
  }
}

const notSignedIn = (cause?: unknown): AppError =>
  new AppError('not_signed_in', 'Please sign in again.', cause === undefined ? {} : { cause })
