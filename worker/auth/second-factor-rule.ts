/** Pure: who must show a second factor, and what a session that has not may still do. */

export type Factors = { hasTotp: boolean; passkeys: number }

type Rule = { role: 'admin' | 'user'; isRequiredOfAdmins: boolean }

/** A passkey is a way in of its own, so it becomes a second factor only for those who must have one. */
export const hasSecondFactor = ({ hasTotp, passkeys }: Factors, { role, isRequiredOfAdmins }: Rule): boolean =>
  hasTotp || (role === 'admin' && isRequiredOfAdmins && passkeys > 0)

/** RFC 8176: `mfa` stands among a session's methods once two factors were shown, or a passkey with its own check. */
export const isStrong = (amr: readonly string[]): boolean => amr.includes('mfa')

/** May only enrol or prove a second factor: an admin, where that is required, who has not shown one. */
export const mustEnrol = (amr: readonly string[], { role, isRequiredOfAdmins }: Rule): boolean =>
  role === 'admin' && isRequiredOfAdmins && !isStrong(amr)

/** The words of both, each once. */
export const mergeAmr = (before: readonly string[], more: readonly string[]): string[] => [
  ...new Set([...before, ...more]),
]

/** Off only where the operator says so (`npm start` does, while only its own machine reaches the edge): anything else leaves it on. */
export const isSecondFactorRequired = (env: { REQUIRE_ADMIN_SECOND_FACTOR?: string }): boolean =>
  env.REQUIRE_ADMIN_SECOND_FACTOR !== 'off'
