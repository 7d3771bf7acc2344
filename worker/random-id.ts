/** Identifiers and secrets from the runtime's CSPRNG. */
import { encodeBase64Url } from '#protocol/base64url.ts'

/** 16 bytes (128 bits) as 22 characters: an id that cannot be guessed. */
export const randomId = (bytes = 16): string => encodeBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))

/** From 0 up to 1, for jitter. */
export const randomShare = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32
