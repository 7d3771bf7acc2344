/** First run: whoever holds the one-time secret makes the first admin, once. */
import { sql } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent, writeEventWhen } from '../audit/write-event.ts'
import type { Db } from '../db.ts'
import type { Edge } from '../edge.ts'
import { readKeyring } from '../keyring.ts'
import { randomId } from '../random-id.ts'
import { secretsEqual } from '../secrets-equal.ts'
import type { SetupRequest } from './answers.ts'
import { emailColumns } from './email.ts'
import { checkNewPassword } from './password-policy.ts'
import { sessions, users } from './schema.ts'
import { hashed, type Issued, issueTokens, newSession, passwordHasher } from './sessions.ts'

/** True until there is a person. */
export async function isSetupNeeded(db: Db): Promise<boolean> {
  return (await db.select({ id: users.id }).from(users).limit(1)).length === 0
}

const closed = () => new AppError('setup_closed', 'This Porchlight is already set up. Please sign in instead.')

/** Makes the first admin and signs them in. Of any number of claims at once exactly one wins. */
export async function claimSetup(edge: Edge, request: SetupRequest): Promise<Issued> {
  if (!(await isSetupNeeded(edge.db))) throw closed()
  await checkSecret(edge, request.secret)
  checkNewPassword(request.password, [request.email, request.displayName])
  const passwordHash = hashed(await passwordHasher(edge).hash(request.password))

  const id = randomId()
  const person: typeof users.$inferSelect = {
    id,
    ...(await emailColumns(readKeyring(edge.env.KEYRING), id, request.email)),
    // Whoever holds the secret printed at the machine vouches for the address.
    emailVerifiedAt: edge.now,
    displayName: request.displayName,
    passwordHash,
    mustChangePassword: false,
    role: 'admin',
    status: 'active',
    createdAt: edge.now,
  }
  const session = newSession(edge, id, ['pwd'])
  const { db } = edge
  // Nothing in SQLite runs between the statements of a batch: whoever comes second finds a user and inserts nothing.
  const [made] = await db.batch([
    db.insert(users).select(
      sql`select ${id}, ${person.email}, ${person.emailIndex}, ${edge.now}, ${person.displayName}, ${passwordHash},
          0, 'admin', 'active', ${edge.now} where not exists (select 1 from users)`,
    ),
    db.insert(sessions).select(
      sql`select ${session.id}, ${person.id}, ${session.generation}, ${session.rotatedAt}, ${session.createdAt},
          ${session.idleExpiresAt}, ${session.absoluteExpiresAt}, ${session.authTime}, ${session.amr}, null, null,
          null, ${session.deviceLabel}, ${session.place}, ${session.network}, null, null
          where exists (select 1 from users where id = ${person.id})`,
    ),
    writeEventWhen(
      db,
      sql`exists (select 1 from users where id = ${person.id})`,
      { kind: 'setup_claimed', actorId: person.id, sessionId: session.id, details: {} },
      edge,
    ),
  ])
  if (made.meta.changes !== 1) throw closed()
  return issueTokens(edge, person, session)
}

/** The expiry is part of the secret (`<epoch seconds>.<random>`), so nobody can move it without breaking it. */
async function checkSecret(edge: Edge, presented: string): Promise<void> {
  const secret = edge.env.SETUP_SECRET
  if (!secret) throw new AppError('setup_closed', 'Set-up is not open. Start Porchlight again to get a set-up link.')
  const refuse = async (code: 'setup_secret_wrong' | 'setup_secret_expired', sentence: string) => {
    await writeEvent(edge.db, { kind: 'setup_refused', details: { reason: code } }, edge)
    throw new AppError(code, sentence)
  }
  if (!(await secretsEqual(presented, secret))) {
    await refuse('setup_secret_wrong', 'This set-up link is not the current one. Use the link that was printed last.')
  }
  const expiresAt = Number(secret.split('.')[0])
  if (!(expiresAt > edge.now)) {
    await refuse('setup_secret_expired', 'This set-up link has expired. Start Porchlight again to get a new one.')
  }
}
