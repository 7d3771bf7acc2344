/** scrypt (RFC 7914) with its parameters in the stored text (PHC string), so that they can be raised later. */
import { scryptSync } from 'node:crypto'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { normalizePassword } from './password-policy.ts'

export type ScryptParameters = { log2N: number; r: number; p: number }

/** OWASP's set for 16 MiB. Cost N·r·p stays under workerd's cap of 2^20. */
export const currentParameters: ScryptParameters = { log2N: 14, r: 8, p: 5 }

/** `rehashed` is set when the password is right and the stored hash was made with other parameters. */
export type PasswordCheck = { matches: boolean; rehashed?: string }

/** `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`, salt 16 bytes and hash 32 bytes as base64url. */
export function hashPassword(
  password: string,
  parameters = currentParameters,
  salt: Uint8Array = crypto.getRandomValues(new Uint8Array(16)),
): string {
  const { log2N, r, p } = parameters
  const hash = deriveKey(password, salt, parameters)
  return `$scrypt$ln=${log2N},r=${r},p=${p}$${encodeBase64Url(salt)}$${encodeBase64Url(hash)}`
}

/** The same work whether the account exists or not (null), so that time does not tell which. */
export function verifyPassword(password: string, stored: string | null, derive: Derive = deriveKey): PasswordCheck {
  const parsed = stored === null ? undefined : parsePhc(stored)
  if (!parsed) {
    derive(password, new Uint8Array(16), currentParameters)
    return { matches: false }
  }
  const hash = derive(password, parsed.salt, parsed.parameters)
  if (!crypto.subtle.timingSafeEqual(hash, parsed.hash)) return { matches: false }
  if (sameParameters(parsed.parameters, currentParameters)) return { matches: true }
  return { matches: true, rehashed: hashPassword(password) }
}

type Derive = (password: string, salt: Uint8Array, parameters: ScryptParameters) => Uint8Array<ArrayBuffer>

const deriveKey: Derive = (password, salt, { log2N, r, p }) => {
  const bytes = new TextEncoder().encode(normalizePassword(password))
  return new Uint8Array(scryptSync(bytes, salt, 32, { N: 2 ** log2N, r, p }))
}

type Phc = { parameters: ScryptParameters; salt: Uint8Array; hash: Uint8Array<ArrayBuffer> }

function parsePhc(stored: string): Phc | undefined {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/.exec(stored)
  const salt = decodeBase64Url(parts?.[4] ?? '')
  const hash = decodeBase64Url(parts?.[5] ?? '')
  if (!parts || !salt || hash?.length !== 32) return undefined
  return { parameters: { log2N: Number(parts[1]), r: Number(parts[2]), p: Number(parts[3]) }, salt, hash }
}

const sameParameters = (a: ScryptParameters, b: ScryptParameters): boolean =>
  a.log2N === b.log2N && a.r === b.r && a.p === b.p
