/** Asks for a passkey's signature and checks it: for sign-in, as a second factor, for step-up. */
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server'
import { and, eq } from 'drizzle-orm'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { type AuthenticationResponse, challengeIn } from './answers.ts'
import { CHALLENGE_SECONDS, newChallenge, takeChallenge, type Walk } from './challenges.ts'
import { passkeys } from './schema.ts'
import { transportsOf } from './transports.ts'

/** A passkey with its owner's own check (PIN, finger) is two factors (RFC 8176: `hwk`, `user`, `mfa`). */
export const PASSKEY_AMR = ['hwk', 'user', 'mfa']

/** The RP id is the app's host: moving Porchlight to another one leaves passkeys behind. */
export const relyingParty = (edge: Pick<Edge, 'appOrigin'>): string => new URL(edge.appOrigin).hostname

const refused = (cause?: unknown) =>
  new AppError('code_wrong', 'This passkey does not open this account. Please try another way.', { cause })

/** Options for the browser. Without `userId` any passkey of this place will do: the person needs to type nothing. */
export async function askForPasskey(edge: Edge, walk: Walk, userId?: string) {
  const mine = userId === undefined ? [] : await edge.db.select().from(passkeys).where(eq(passkeys.userId, userId))
  return generateAuthenticationOptions({
    rpID: relyingParty(edge),
    challenge: challengeBytes(await newChallenge(edge, walk)),
    userVerification: 'required',
    timeout: CHALLENGE_SECONDS * 1000,
    allowCredentials: mine.map(({ id, transports }) => ({ id, transports: transportsOf(transports) })),
  })
}

/**
 * Whose passkey signed the challenge of this walk. `userId`, where it is known, must own it. Throws `code_wrong`, or
 * `link_over` for a challenge that is not this walk's or was answered already.
 */
export async function verifyPasskey(
  edge: Edge,
  walk: Walk,
  response: AuthenticationResponse,
  userId?: string,
): Promise<string> {
  const challenge = await takeChallenge(edge, challengeIn(response.response.clientDataJSON), walk)
  const [passkey] = await edge.db.select().from(passkeys).where(eq(passkeys.id, response.id))
  if (!passkey || (userId !== undefined && passkey.userId !== userId)) throw refused()
  const { userHandle } = response.response
  // The handle is base64url of the id's own letters (register-passkey.ts).
  if (userHandle !== undefined && new TextDecoder().decode(decodeBase64Url(userHandle)) !== passkey.userId)
    throw refused()
  const publicKey = decodeBase64Url(passkey.publicKey)
  if (!publicKey) throw new TypeError('passkeys.public_key is not base64url')
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: edge.appOrigin,
    expectedRPID: relyingParty(edge),
    requireUserVerification: true,
    // The library's own counter check throws; ours also tells (below), so it is given nothing to compare with.
    credential: { id: passkey.id, publicKey, counter: 0 },
  }).catch((cause: unknown) => {
    throw refused(cause)
  })
  if (!verified) throw refused()
  await advanceCounter(edge, passkey, authenticationInfo.newCounter)
  return passkey.userId
}

/** WebAuthn §6.1.1: a counter that does not rise is a sign of a cloned key. Passkeys that are synchronised stay at 0. */
async function advanceCounter(edge: Edge, passkey: typeof passkeys.$inferSelect, presented: number): Promise<void> {
  const stored = passkey.counter
  if (presented <= stored && (presented > 0 || stored > 0)) {
    const event = { subjectId: passkey.userId, details: { stored, presented } }
    await writeEvent(edge.db, { kind: 'passkey_counter_fell', ...event }, edge)
    throw refused()
  }
  const moved = await edge.db
    .update(passkeys)
    .set({ counter: presented, lastUsedAt: edge.now })
    .where(and(eq(passkeys.id, passkey.id), eq(passkeys.counter, stored)))
  if (moved.meta.changes !== 1) throw refused()
}

/** The library encodes the challenge again: it is given the bytes, so that both sides mean the same text. */
export function challengeBytes(challenge: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64Url(challenge)
  if (!bytes) throw new TypeError('a challenge is base64url')
  return bytes
}
