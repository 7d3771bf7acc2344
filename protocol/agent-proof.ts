/** What an agent signs with its own key to prove itself: each connect, and each HTTP request it makes later. */
import * as z from 'zod'
import { encodeBase64Url } from './base64url.ts'
import { signText, verifyText } from './ed25519.ts'

/** How far an agent's clock may be from the edge's in a signed request, in seconds. */
export const PROOF_TOLERANCE_SECONDS = 120

/** Text signed on connect. The nonce makes it good once; host and version stop it from being used elsewhere. */
export const connectProof = (proof: {
  nonce: string
  agentId: string
  hubHost: string
  protocolVersion: number
  sentAt: number
}): string =>
  ['porchlight-connect', proof.nonce, proof.agentId, proof.hubHost, proof.protocolVersion, proof.sentAt].join('\n')

/** Headers of an HTTP request signed by an agent (after RFC 9421, cut down to the parts we use). */
export const SignedRequestHeaders = z.object({
  'x-agent-id': z.string().min(1).max(64),
  'x-agent-time': z.coerce.number().int(),
  'x-agent-body-digest': z.string().max(64),
  'x-agent-signature': z.string().max(128),
})
export type SignedRequestHeaders = z.infer<typeof SignedRequestHeaders>

type RequestParts = { agentId: string; method: string; path: string; sentAt: number; bodyDigest: string }

const requestProof = (parts: RequestParts): string =>
  ['porchlight-request', parts.agentId, parts.method, parts.path, parts.sentAt, parts.bodyDigest].join('\n')

/** base64url SHA-256 of a body. */
export async function digestBody(body: string): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))))
}

/** Stands where a body's digest would, for a body that streams (the relay's): its request id is good once. */
export const STREAMED_BODY = 'streamed'

/** Headers to add to a request. `path` is path and query as sent; `sentAt` is epoch seconds. */
export async function signRequest(privateKey: CryptoKey, parts: RequestParts): Promise<Record<string, string>> {
  return {
    'x-agent-id': parts.agentId,
    'x-agent-time': String(parts.sentAt),
    'x-agent-body-digest': parts.bodyDigest,
    'x-agent-signature': await signText(privateKey, requestProof(parts)),
  }
}

/** True when this key signed exactly this request within the tolerance of `now` (epoch seconds). */
export async function verifyRequest(
  publicKey: CryptoKey,
  request: { method: string; path: string; headers: SignedRequestHeaders },
  now: number,
): Promise<boolean> {
  const { headers } = request
  if (Math.abs(now - headers['x-agent-time']) > PROOF_TOLERANCE_SECONDS) return false
  const proof = requestProof({
    agentId: headers['x-agent-id'],
    method: request.method,
    path: request.path,
    sentAt: headers['x-agent-time'],
    bodyDigest: headers['x-agent-body-digest'],
  })
  return verifyText(publicKey, proof, headers['x-agent-signature'])
}

/** What a person compares before confirming a pairing: the start of the key's SHA-256, in groups of four. */
export async function keyFingerprint(publicKey: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(publicKey)))
  const hex = [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.toUpperCase().match(/.{4}/g)?.join(' ') ?? ''
}
