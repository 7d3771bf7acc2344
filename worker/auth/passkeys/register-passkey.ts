/** Adding a passkey to an account, naming it, taking it away. */
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server'
import { and, asc, eq } from 'drizzle-orm'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import { changed } from '../../audit/row-changed.ts'
import { writeEvent, writeEventWhen } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { otherWaysIn } from '../last-way-in.ts'
import { notify } from '../notices.ts'
import { raiseStatement } from '../raise-session.ts'
import { challengeIn, type RegistrationResponse } from './answers.ts'
import { CHALLENGE_SECONDS, newChallenge, takeChallenge } from './challenges.ts'
import { passkeys } from './schema.ts'
import { transportsOf } from './transports.ts'
import { challengeBytes, PASSKEY_AMR, relyingParty } from './verify-passkey.ts'

const PASSKEYS_EACH = 20

type Owner = { userId: string; sessionId: string }

const walkOf = ({ sessionId }: Owner) => ({ purpose: 'register' as const, boundTo: sessionId })

/** Options for the browser: a passkey that is found without a name, and asks its owner for a PIN or a finger. */
export async function offerPasskey(edge: Edge, owner: Owner, person: { name: string; displayName: string }) {
  const mine = await listPasskeys(edge, owner.userId)
  if (mine.length >= PASSKEYS_EACH) {
    throw new AppError('conflict', 'You have as many passkeys as an account can hold. Remove one first.')
  }
  return generateRegistrationOptions({
    rpName: 'Porchlight',
    rpID: relyingParty(edge),
    userID: new Uint8Array(new TextEncoder().encode(owner.userId)),
    userName: person.name,
    userDisplayName: person.displayName,
    challenge: challengeBytes(await newChallenge(edge, walkOf(owner))),
    attestationType: 'none',
    timeout: CHALLENGE_SECONDS * 1000,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [-7, -8, -257],
    excludeCredentials: mine.map(({ id, transports }) => ({ id, transports: transportsOf(transports) })),
  })
}

/** Stores it. The session that did it counts as one with two factors. Throws `code_wrong`, `link_over`, `conflict`. */
export async function addPasskey(
  edge: Edge,
  owner: Owner,
  name: string,
  response: RegistrationResponse,
): Promise<string> {
  const { db } = edge
  const challenge = await takeChallenge(edge, challengeIn(response.response.clientDataJSON), walkOf(owner))
  const { registrationInfo } = await verifyRegistrationResponse({
    response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: edge.appOrigin,
    expectedRPID: relyingParty(edge),
    requireUserVerification: true,
    supportedAlgorithmIDs: [-7, -8, -257],
  }).catch((cause: unknown) => {
    throw new AppError('code_wrong', 'This passkey could not be added. Please try again.', { cause })
  })
  if (!registrationInfo) throw new AppError('code_wrong', 'This passkey could not be added. Please try again.')
  const { credential, credentialBackedUp } = registrationInfo
  const [stored] = await db.batch([
    db
      .insert(passkeys)
      .values({
        id: credential.id,
        userId: owner.userId,
        publicKey: encodeBase64Url(credential.publicKey),
        counter: credential.counter,
        transports: (response.response.transports ?? []).join(','),
        name,
        isBackedUp: credentialBackedUp,
        createdAt: edge.now,
        lastUsedAt: null,
      })
      // Somebody else's, or one's own twice: a credential belongs to one account for good.
      .onConflictDoNothing(),
    writeEventWhen(
      db,
      changed,
      { kind: 'factor_enrolled', actorId: owner.userId, subjectId: owner.userId, details: { factor: 'passkey' } },
      edge,
    ),
    notify(edge, owner.userId, { kind: 'factor_enrolled', details: { factor: 'passkey' } }, changed),
  ])
  if (stored.meta.changes !== 1) throw new AppError('conflict', 'This passkey is in use already.')
  await raiseStatement(edge, owner.sessionId, PASSKEY_AMR)
  return credential.id
}

export const listPasskeys = (edge: Edge, userId: string) =>
  edge.db.select().from(passkeys).where(eq(passkeys.userId, userId)).orderBy(asc(passkeys.createdAt))

const noSuchPasskey = () => new AppError('not_found', 'You have no such passkey.')

/** Throws `not_found` for one that is not theirs. */
export async function renamePasskey(edge: Edge, userId: string, id: string, name: string): Promise<void> {
  const renamed = await edge.db
    .update(passkeys)
    .set({ name })
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
  if (renamed.meta.changes !== 1) throw noSuchPasskey()
}

/** One statement decides, so that two removals at once cannot take the last two. Throws `last_way_in`, `not_found`. */
export async function removePasskey(edge: Edge, userId: string, id: string): Promise<void> {
  const mine = and(eq(passkeys.id, id), eq(passkeys.userId, userId))
  const removed = await edge.db
    .delete(passkeys)
    .where(and(mine, otherWaysIn(edge, userId, { passkeyId: id })))
    .returning({ id: passkeys.id })
  if (removed.length === 0) {
    const [passkey] = await edge.db.select({ id: passkeys.id }).from(passkeys).where(mine)
    if (!passkey) throw noSuchPasskey()
    throw new AppError('last_way_in', 'This is your last way in, or your only second factor. Add another one first.')
  }
  await edge.db.batch([
    writeEvent(
      edge.db,
      { kind: 'factor_removed', actorId: userId, subjectId: userId, details: { factor: 'passkey' } },
      edge,
    ),
    notify(edge, userId, { kind: 'factor_removed', details: { factor: 'passkey' } }),
  ])
}
