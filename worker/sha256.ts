/** SHA-256 of text, for what must be found again but not read: tokens at rest, ids made from what they name. */
import { encodeBase64Url } from '#protocol/base64url.ts'

/** 43 base64url characters. */
export async function sha256(text: string): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
