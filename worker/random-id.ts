/** Identifiers and secrets from the runtime's CSPRNG. */
import { encodeBase64Url } from '#protocol/base64url.ts'

/** 16 bytes (128 bits) as 22 characters: an id that cannot be guessed. */
export const randomId = (bytes = 16): string => encodeBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))
