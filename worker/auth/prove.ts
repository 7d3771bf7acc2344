/** Proving again who one is: with a password, a code, a recovery code or a passkey. For step-up and second factors. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../edge.ts'
import type { Account } from './accounts.ts'
import { Password } from './answers.ts'
import { spendRecoveryCode } from './factors/recovery-codes.ts'
import { spendTotp } from './factors/totp.ts'
import { factorPlaces, guarded } from './guard/guarded.ts'
import { AuthenticationResponse } from './passkeys/answers.ts'
import type { Walk } from './passkeys/challenges.ts'
import { PASSKEY_AMR, verifyPasskey } from './passkeys/verify-passkey.ts'
import { hashed, passwordHasher } from './sessions.ts'

const TotpCode = z
  .string()
  .transform((code) => code.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/))

/** Exactly one of them. */
export const SecondFactorProof = z.union([
  z.strictObject({ totp: TotpCode }),
  z.strictObject({ recoveryCode: z.string().min(20).max(60) }),
  z.strictObject({ passkey: AuthenticationResponse }),
])
export type SecondFactorProof = z.infer<typeof SecondFactorProof>

export const StepUpProof = z.union([z.strictObject({ password: Password }), SecondFactorProof])
export type StepUpProof = z.infer<typeof StepUpProof>

export const TotpConfirmation = z.strictObject({ code: TotpCode })

export type Proven = { method: string; amr: string[] }

/** Counted by the guard, whichever way it is tried. Throws `code_wrong`, `too_many`, `link_over`. */
export async function proveSecondFactor(
  edge: Edge,
  userId: string,
  proof: SecondFactorProof,
  walk: Walk,
): Promise<Proven> {
  // A signature cannot be guessed, so it is not counted.
  if ('passkey' in proof) {
    await verifyPasskey(edge, walk, proof.passkey, userId)
    return { method: 'passkey', amr: PASSKEY_AMR }
  }
  const check = () =>
    'totp' in proof ? spendTotp(edge, userId, proof.totp) : spendRecoveryCode(edge, userId, proof.recoveryCode)
  const isRight = await guarded(edge, factorPlaces(userId), check, (right) => right)
  if (!isRight)
    throw new AppError('code_wrong', 'This code is not right, or was used already. Please try the next one.')
  return { method: 'totp' in proof ? 'totp' : 'recovery_code', amr: ['otp', 'mfa'] }
}

/** The account's own password, counted as a sign-in to it would be. Throws `wrong_credentials`, `too_many`, `busy`. */
export async function provePassword(edge: Edge, account: Account, password: string): Promise<Proven> {
  const check = async () => hashed(await passwordHasher(edge).verify(password, account.passwordHash))
  const { matches } = await guarded(edge, factorPlaces(account.id), check, ({ matches }) => matches)
  if (!matches) throw new AppError('wrong_credentials', 'The password is not right. Please try again.')
  return { method: 'password', amr: ['pwd'] }
}
