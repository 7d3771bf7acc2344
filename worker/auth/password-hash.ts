/** scrypt (RFC 7914) with its parameters in the stored text (PHC string), so that they can be raised later. */
import { createHmac, scryptSync } from 'node:crypto'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'
import { normalizePassword } from './password-policy.ts'

export type ScryptParameters = { log2N: number; r: number; p: number }

/** OWASP's set for 16 MiB. Cost N·r·p stays under workerd's cap of 2^20. */
export const currentParameters: ScryptParameters = { log2N: 14, r: 8, p: 5 }

/** A key kept apart from the database (SP 800-63B-4): without it a stolen hash cannot even be guessed at. */
export type Pepper = { active: string; keys: ReadonlyMap<string, Uint8Array> }

/**
 * `isShort`: shorter than an account without a second factor may have, which is remembered in the text, because it
 * cannot be seen later.
 */
export type HashOptions = {
  parameters?: ScryptParameters
  salt?: Uint8Array
  pepper?: Pepper | undefined
  isShort?: boolean
}

/** `rehashed` is set when the password is right and the stored hash was made with other parameters or another pepper. */
export type PasswordCheck = { matches: boolean; rehashed?: string }

/** `$scrypt$ln=14,r=8,p=5[,k=<pepper's key id>][,s=1]$<salt>$<hash>`, salt 16 bytes and hash 32 bytes as base64url. */
export function hashPassword(
  password: string,
  {
    parameters = currentParameters,
    salt = crypto.getRandomValues(new Uint8Array(16)),
    pepper,
    isShort = false,
  }: HashOptions = {},
): string {
  const { log2N, r, p } = parameters
  const keyId = pepper?.active
  const hash = deriveKey(password, salt, parameters, keyId === undefined ? undefined : pepper?.keys.get(keyId))
  const more = `${keyId === undefined ? '' : `,k=${keyId}`}${isShort ? ',s=1' : ''}`
  return `$scrypt$ln=${log2N},r=${r},p=${p}${more}$${encodeBase64Url(salt)}$${encodeBase64Url(hash)}`
}

/** The same work whether the account exists or not (null), so that time does not tell which. */
export function verifyPassword(
  password: string,
  stored: string | null,
  { pepper, derive = deriveKey }: { pepper?: Pepper | undefined; derive?: Derive } = {},
): PasswordCheck {
  const parsed = stored === null ? undefined : parsePhc(stored)
  const key = parsed?.keyId === undefined ? undefined : pepper?.keys.get(parsed.keyId)
  // A pepper that is gone from the ring: the hash can never be right again, and the person resets their password.
  if (!parsed || (parsed.keyId !== undefined && !key)) {
    derive(password, new Uint8Array(16), currentParameters, undefined)
    return { matches: false }
  }
  const hash = derive(password, parsed.salt, parsed.parameters, key)
  if (!crypto.subtle.timingSafeEqual(hash, parsed.hash)) return { matches: false }
  if (sameParameters(parsed.parameters, currentParameters) && parsed.keyId === pepper?.active) return { matches: true }
  return { matches: true, rehashed: hashPassword(password, { pepper, isShort: parsed.isShort }) }
}

/** Was it set beside a second factor, too short to stand alone? */
export const isShortPassword = (stored: string | null): boolean => stored !== null && parsePhc(stored)?.isShort === true

type Derive = (
  password: string,
  salt: Uint8Array,
  parameters: ScryptParameters,
  pepper: Uint8Array | undefined,
) => Uint8Array<ArrayBuffer>

const deriveKey: Derive = (password, salt, { log2N, r, p }, pepper) => {
  const plain = new TextEncoder().encode(normalizePassword(password))
  const bytes = pepper ? createHmac('sha256', pepper).update(plain).digest() : plain
  return new Uint8Array(scryptSync(bytes, salt, 32, { N: 2 ** log2N, r, p }))
}

type Phc = {
  parameters: ScryptParameters
  keyId: string | undefined
  isShort: boolean
  salt: Uint8Array
  hash: Uint8Array<ArrayBuffer>
}

const form =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})(?:,k=([A-Za-z0-9_-]{1,32}))?(,s=1)?\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/

function parsePhc(stored: string): Phc | undefined {
  const parts = form.exec(stored)
  const salt = decodeBase64Url(parts?.[6] ?? '')
  const hash = decodeBase64Url(parts?.[7] ?? '')
  if (!parts || !salt || hash?.length !== 32) return undefined
  return {
    parameters: { log2N: Number(parts[1]), r: Number(parts[2]), p: Number(parts[3]) },
    keyId: parts[4],
    isShort: parts[5] !== undefined,
    salt,
    hash,
  }
}

const sameParameters = (a: ScryptParameters, b: ScryptParameters): boolean =>
  a.log2N === b.log2N && a.r === b.r && a.p === b.p
