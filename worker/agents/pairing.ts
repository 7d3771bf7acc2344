/** Pairing: an agent asks with its public key, a person confirms exactly that key by a short code, the agent polls. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { keyFingerprint } from '#protocol/agent-proof.ts'
import { importPublicKey } from '#protocol/ed25519.ts'
import { AppError } from '#protocol/errors.ts'
import { PAIRING_SECONDS, type PairingAnswer, type PairingPollAnswer, type PairingRequest } from '#protocol/pairing.ts'
import { changed } from '../audit/row-changed.ts'
import { writeEventWhen } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { secretsEqual } from '../secrets-equal.ts'
import { sha256 } from '../sha256.ts'
import { streamVerificationKeys } from '../signing-keys.ts'
import type { PairingCard } from './answers.ts'
import { agents, pairings } from './schema.ts'
import { newUserCode } from './user-code.ts'

/** Requests that may wait for a person at once: of everybody, and of one address. Anybody can make one. */
const WAITING_IN_ALL = 50
const WAITING_OF_ONE_ADDRESS = 5
const POLL_EVERY_SECONDS = 3

const unknown = () => new AppError('pairing_unknown', 'No agent waits behind this code. Check what the agent printed.')
const expired = () => new AppError('pairing_expired', 'This code has expired. Start the agent again to get a new one.')

/** Stores the request; with the machine's own secret it is confirmed at once. Throws `too_many`, `forbidden`. */
export async function requestPairing(edge: Edge, request: PairingRequest, address: string): Promise<PairingAnswer> {
  await checkKey(request.publicKey)
  const isLocal = request.localSecret !== undefined && (await isLocalSecret(edge, request.localSecret))
  const pollToken = randomId(32)
  const pairing = {
    userCode: newUserCode(),
    pollTokenHash: await sha256(pollToken),
    publicKey: request.publicKey,
    name: request.name,
    softwareVersion: request.softwareVersion,
    address,
    expiresAt: edge.now + PAIRING_SECONDS,
  }
  const { db, now } = edge
  const waiting = sql`select count(*) from pairings where expires_at > ${now} and agent_id is null`
  const stored = await db.insert(pairings).select(
    sql`select ${pairing.userCode}, ${pairing.pollTokenHash}, ${pairing.publicKey}, ${pairing.name},
        ${pairing.softwareVersion}, ${pairing.address}, ${pairing.expiresAt}, null
        where (${waiting}) < ${WAITING_IN_ALL} and (${waiting} and address = ${address}) < ${WAITING_OF_ONE_ADDRESS}`,
  )
  if (stored.meta.changes !== 1) {
    throw new AppError('too_many', 'Too many agents are waiting to be paired. Please try again in ten minutes.')
  }
  if (isLocal) await bind(edge, pairing, undefined)
  return {
    userCode: pairing.userCode,
    verifyUrl: `${edge.appOrigin}/pair?code=${pairing.userCode}`,
    pollToken,
    expiresInSeconds: PAIRING_SECONDS,
    pollEverySeconds: POLL_EVERY_SECONDS,
  }
}

async function checkKey(publicKey: string): Promise<void> {
  try {
    await importPublicKey(publicKey)
  } catch (cause) {
    throw new AppError('invalid', 'This is not an Ed25519 public key. Start the agent again.', { cause })
  }
}

async function isLocalSecret(edge: Edge, presented: string): Promise<boolean> {
  const secret = edge.env.LOCAL_PAIRING_SECRET
  if (secret && (await secretsEqual(presented, secret))) return true
  throw new AppError('forbidden', 'This edge does not pair agents by itself. Start the agent without a local secret.')
}

/** What the agent learns: still waiting, or its id and the keys that verify stream tokens. */
export async function pollPairing(edge: Edge, pollToken: string): Promise<PairingPollAnswer> {
  const [pairing] = await edge.db
    .select({ agentId: pairings.agentId, expiresAt: pairings.expiresAt })
    .from(pairings)
    .where(eq(pairings.pollTokenHash, await sha256(pollToken)))
  if (!pairing) throw unknown()
  if (pairing.expiresAt <= edge.now) throw expired()
  if (pairing.agentId === null) return { status: 'waiting' }
  const verificationKeys = await streamVerificationKeys(readKeyring(edge.env.KEYRING))
  return { status: 'paired', agentId: pairing.agentId, verificationKeys }
}

/** Who waits behind a code, for a person to compare. Throws `pairing_unknown`, `pairing_expired`. */
export async function findPairing(edge: Edge, userCode: string): Promise<PairingCard> {
  const { name, softwareVersion, address, expiresAt, publicKey } = await waitingPairing(edge, userCode)
  return { userCode, name, softwareVersion, address, expiresAt, fingerprint: await keyFingerprint(publicKey) }
}

/** Makes the agent behind a code one of the household's. A code works once: the loser of a race gets `conflict`. */
export async function confirmPairing(edge: Edge, userCode: string, personId: string): Promise<string> {
  return bind(edge, await waitingPairing(edge, userCode), personId)
}

async function waitingPairing(edge: Edge, userCode: string) {
  const [pairing] = await edge.db.select().from(pairings).where(eq(pairings.userCode, userCode))
  if (!pairing || pairing.agentId !== null) throw unknown()
  if (pairing.expiresAt <= edge.now) throw expired()
  return pairing
}

type Waiting = Pick<typeof pairings.$inferSelect, 'userCode' | 'publicKey' | 'name' | 'softwareVersion'>

/**
 * Binds the key that stands in the pairing's row, which never changes. A key that is paired already keeps its id.
 * The three statements are one transaction: the code is used, or nothing happened.
 */
async function bind(edge: Edge, pairing: Waiting, personId: string | undefined): Promise<string> {
  const { db, now } = edge
  const freshId = randomId()
  const fingerprint = await keyFingerprint(pairing.publicKey)
  const idOfKey = sql`(select id from agents where public_key = ${pairing.publicKey})`
  const [, used] = await db.batch([
    db.insert(agents).select(
      sql`select ${freshId}, name, public_key, software_version, '[]', ${now}, ${personId ?? null}, null from pairings
          where user_code = ${pairing.userCode} and agent_id is null and expires_at > ${now}
          on conflict (public_key) do update set name = excluded.name, software_version = excluded.software_version`,
    ),
    db
      .update(pairings)
      .set({ agentId: idOfKey })
      .where(and(eq(pairings.userCode, pairing.userCode), isNull(pairings.agentId), gt(pairings.expiresAt, now)))
      .returning({ agentId: pairings.agentId }),
    writeEventWhen(
      db,
      changed,
      {
        kind: 'agent_paired',
        ...(personId !== undefined && { actorId: personId }),
        subjectId: fingerprint,
        details: { fingerprint, local: personId === undefined },
      },
      edge,
    ),
  ])
  const agentId = used[0]?.agentId
  if (!agentId)
    throw new AppError('conflict', 'This code has been used already. Start the agent again to get a new one.')
  return agentId
}
