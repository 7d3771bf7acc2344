/** base64url without padding (RFC 4648 §5), the form of every binary value in a token, a URL or a message. */
import * as z from 'zod'

export const Base64Url = z.string().regex(/^[A-Za-z0-9_-]*$/)

export function encodeBase64Url(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Undefined when the text is not base64url as we write it: callers decide which refusal that is. Only the canonical
 * spelling is read (unused bits zero), so that one token has one text.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return encodeBase64Url(bytes) === text ? bytes : undefined
}
