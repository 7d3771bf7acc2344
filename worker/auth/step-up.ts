/** Step-up: a signed-in person proves again who they are, and the session is fresh for ten minutes. */
import { AppError } from '#protocol/errors.ts'
import { writeEvent } from '../audit/write-event.ts'
import type { Edge } from '../edge.ts'
import { type Account, findAccountById, needsSecondFactor, type SecondFactor, secondFactorsOf } from './accounts.ts'
import type { SignedInPerson } from './may.ts'
import { type Proven, provePassword, proveSecondFactor, type StepUpProof } from './prove.ts'
import { raiseStatement, STEP_UP_SECONDS } from './raise-session.ts'
import { sessionEnded } from './session-ended.ts'
import { mintAccessFor } from './sessions.ts'

export type SteppedUp = { accessToken: string; expiresAt: number; freshUntil: number }

/** What this person may prove themselves with: a password only where it is enough to sign in. */
export async function stepUpMethods(
  edge: Edge,
  person: SignedInPerson,
): Promise<('password' | SecondFactor | 'identity')[]> {
  const account = await findAccountById(edge, person.id)
  if (!account) throw sessionEnded()
  const factors = secondFactorsOf(account)
  if (needsSecondFactor(edge, account)) return factors
  return [
    ...factors,
    ...(account.passwordHash === null ? [] : (['password'] as const)),
    ...(account.identities > 0 ? (['identity'] as const) : []),
  ]
}

/** Throws `code_wrong`, `wrong_credentials`, `second_factor_needed`, `too_many`, `link_over`. */
export async function stepUp(edge: Edge, person: SignedInPerson, proof: StepUpProof): Promise<SteppedUp> {
  const account = await findAccountById(edge, person.id)
  if (!account) throw sessionEnded()
  try {
    const proven = await prove(edge, account, person.sessionId, proof)
    return await raise(edge, account, person.sessionId, proven)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'code_wrong' || error.code === 'wrong_credentials')) {
      const method = 'password' in proof ? 'password' : 'second_factor'
      const event = { actorId: person.id, sessionId: person.sessionId, details: { method } }
      await writeEvent(edge.db, { kind: 'authn_step_up_fail', ...event }, edge)
    }
    throw error
  }
}

function prove(edge: Edge, account: Account, sessionId: string, proof: StepUpProof): Promise<Proven> {
  if (!('password' in proof)) {
    return proveSecondFactor(edge, account.id, proof, { purpose: 'step_up', boundTo: sessionId })
  }
  if (needsSecondFactor(edge, account)) {
    throw new AppError(
      'second_factor_needed',
      'Please use your passkey or a code: a password alone is not enough here.',
    )
  }
  return provePassword(edge, account, proof.password)
}

/** For a way in that proved it elsewhere (a walk to a provider with purpose `step_up`), too. */
export async function raise(edge: Edge, account: Account, sessionId: string, proven: Proven): Promise<SteppedUp> {
  const [[session]] = await edge.db.batch([
    raiseStatement(edge, sessionId, proven.amr),
    writeEvent(
      edge.db,
      { kind: 'authn_step_up', actorId: account.id, sessionId, details: { method: proven.method } },
      edge,
    ),
  ])
  if (session?.userId !== account.id) throw sessionEnded()
  return { ...(await mintAccessFor(edge, account, session)), freshUntil: edge.now + STEP_UP_SECONDS }
}
