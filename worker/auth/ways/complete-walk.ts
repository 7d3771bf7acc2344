/** The end of every walk: who somebody turned out to be, and what that opens. */
import { and, eq } from 'drizzle-orm'
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../../audit/write-event.ts'
import type { Edge } from '../../edge.ts'
import { type Account, findAccountByEmail, findAccountById, needsSecondFactor } from '../accounts.ts'
import { type Finished, finishSignIn } from '../finish-sign-in.ts'
import { sessions } from '../schema.ts'
import { endSessions, isLive } from '../sessions.ts'
import { raise } from '../step-up.ts'
import { createPerson, findInvite, type Invite } from './create-person.ts'
import { decideLink, type EmailOwner, type LinkDecision, type LinkRefusal } from './decide-link.ts'
import type { ExternalAccount } from './external-way.ts'
import { isIdentity } from './identities.ts'
import { linkIdentity, touchIdentity } from './link-identity.ts'
import { identities } from './schema.ts'
import type { Walk } from './walks.ts'
import { isEmailTrusted } from './way-settings.ts'

export type Completed = { kind: 'finished'; finished: Finished } | { kind: 'linked' } | { kind: 'stepped_up' }

/** A provider's word is one factor, whatever it says of its own (ASVS 6.8.4). */
const EXTERNAL_AMR = ['ext']

/** What a walk's end needs of the request and of the house. */
export type Door = {
  /** The browser's device cookie of an account. */
  deviceOf: (account: Account) => Promise<string | undefined>
  sessionsEnded: (sessionIds: string[]) => Promise<void>
}

/** Throws the codes of decide-link.ts and of finishSignIn. */
export async function completeWalk(edge: Edge, walk: Walk, account: ExternalAccount, door: Door): Promise<Completed> {
  const { wayId, signedIn } = walk
  const isTrusted = isEmailTrusted(edge.env, wayId)
  const invite = walk.purpose === 'sign_in' ? await findInvite(edge, walk.memory.invite) : undefined
  const decision = decideLink({
    purpose: walk.purpose,
    freshlySignedInAs: await stillSignedIn(edge, signedIn),
    identityOwner: await ownerOf(edge, account),
    emailOwner: walk.purpose === 'sign_in' ? await emailOwner(edge, account) : null,
    isEmailTrusted: isTrusted,
    isAdmitted: invite !== undefined || account.isMember,
  })
  const userId = await carryOut(edge, walk, account, { decision, invite, isTrusted, door })
  if (walk.purpose === 'link') return { kind: 'linked' }
  const person = await findAccountById(edge, userId)
  if (walk.purpose === 'step_up') {
    if (!person || signedIn === null || needsSecondFactor(edge, person)) throw refusal('wrong_credentials')
    await raise(edge, person, signedIn.sessionId, { method: wayId, amr: EXTERNAL_AMR })
    return { kind: 'stepped_up' }
  }
  const deviceId = person && (await door.deviceOf(person))
  return {
    kind: 'finished',
    finished: await finishSignIn(edge, { userId, method: wayId, amr: EXTERNAL_AMR, deviceId }),
  }
}

type Decided = { decision: LinkDecision; invite: Invite | undefined; isTrusted: boolean; door: Door }

/** Gives the person it is about. */
async function carryOut(
  edge: Edge,
  { wayId, signedIn }: Walk,
  account: ExternalAccount,
  { decision, invite, isTrusted, door }: Decided,
): Promise<string> {
  switch (decision.do) {
    case 'refuse': {
      const actor = signedIn ? { actorId: signedIn.userId, sessionId: signedIn.sessionId } : {}
      const details = { provider: wayId, reason: decision.code }
      await writeEvent(edge.db, { kind: 'identity_refused', ...actor, details }, edge)
      throw refusal(decision.code)
    }
    case 'create': {
      const email = isTrusted && account.isEmailProven ? account.email : null
      // While its grants are still there to be revoked: deleting the row takes them along.
      if (decision.discard !== null) await door.sessionsEnded(await endAll(edge, decision.discard))
      return createPerson(edge, { provider: wayId, account, invite, email, discard: decision.discard })
    }
    case 'link': {
      const by = decision.signsIn || !signedIn ? 'email' : { sessionId: signedIn.sessionId }
      await linkIdentity(edge, decision.userId, wayId, account, by)
      return decision.userId
    }
    default:
      await touchIdentity(edge, decision.userId, account)
      return decision.userId
  }
}

const endAll = (edge: Edge, userId: string) =>
  endSessions(edge, { of: eq(sessions.userId, userId) }, { reason: 'account discarded', subjectId: userId })

const sentences: Record<LinkRefusal, string> = {
  step_up_needed: 'Please sign in again, then connect this account.',
  identity_taken: 'That account is connected to somebody else here. Disconnect it there first.',
  wrong_credentials: 'That is not an account of yours here. Please use one that is connected.',
  link_confirm_needed:
    'There is an account with this e-mail already. Sign in the way you did before, then connect this one.',
  invite_needed: 'Nobody here is known by that account. Ask whoever runs this Porchlight for an invite.',
}
const refusal = (code: LinkRefusal): AppError => new AppError(code, sentences[code])

async function ownerOf(edge: Edge, account: ExternalAccount): Promise<string | null> {
  const [row] = await edge.db.select({ userId: identities.userId }).from(identities).where(isIdentity(account))
  return row?.userId ?? null
}

async function emailOwner(edge: Edge, { email, isEmailProven }: ExternalAccount): Promise<EmailOwner | null> {
  const account = email !== null && isEmailProven ? await findAccountByEmail(edge, email) : undefined
  if (!account) return null
  return {
    userId: account.id,
    isAdmin: account.role === 'admin',
    hasSecondFactor: account.hasTotp,
    isEmailVerified: account.emailVerifiedAt !== null,
    hasOtherWayIn: account.passkeys > 0 || account.identities > 0,
  }
}

/** The walk began with a fresh proof and lasts ten minutes; what is asked here is that the session did not end. */
async function stillSignedIn(edge: Edge, signedIn: Walk['signedIn']): Promise<string | null> {
  if (signedIn === null) return null
  const [row] = await edge.db
    .select({ userId: sessions.userId })
    .from(sessions)
    .where(and(eq(sessions.id, signedIn.sessionId), eq(sessions.userId, signedIn.userId), isLive(edge.now)))
  return row?.userId ?? null
}
