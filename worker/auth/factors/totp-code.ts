/** Pure: which 30-second step a code belongs to (RFC 6238, SHA-1, six digits, one step either way). */
import { Secret, TOTP } from 'otpauth'

export const STEP_SECONDS = 30
const ISSUER = 'Porchlight'

const totpOf = (secret: string, label = '') =>
  new TOTP({
    issuer: ISSUER,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  })

/** 160 random bits as base32 (RFC 4226 §4 asks for that many). */
export const newTotpSecret = (): string =>
  new Secret({ buffer: crypto.getRandomValues(new Uint8Array(20)).buffer }).base32

/** What an authenticator app reads from the QR code. `account` names the person in it. */
export const otpauthUri = (secret: string, account: string): string => totpOf(secret, account).toString()

/** The step of a right code, at most one away from now; undefined for a wrong one. `now` is epoch seconds. */
export function matchedStep(secret: string, code: string, now: number): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: now * 1000, window: 1 })
  return delta === null ? undefined : Math.floor(now / STEP_SECONDS) + delta
}
