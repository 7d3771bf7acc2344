/** Pure: what to say about a new password while it is typed. Length is what counts (NIST SP 800-63B §3.1.1). */

export const PASSWORD_LENGTH = 15
/** Enough where the password never opens the account alone. */
export const PASSWORD_LENGTH_WITH_FACTOR = 8

/** `isEnough` is what the form insists on; `level` 0 to 3 draws the bar; `advice` is the one thing to do next. */
export type PasswordAdvice = { isEnough: boolean; level: 0 | 1 | 2 | 3; advice: string }

/** `about` holds what an attacker would try first: the person's own name and email. */
export function advisePassword(
  password: string,
  about: readonly string[] = [],
  least: number = PASSWORD_LENGTH,
): PasswordAdvice {
  const length = [...password].length
  if (length === 0) return { isEnough: false, level: 0, advice: `At least ${least} characters. Four words are good.` }
  if (length < least) {
    const missing = least - length
    return {
      isEnough: false,
      level: 1,
      advice: `${missing} more ${missing === 1 ? 'character' : 'characters'}. Add a word.`,
    }
  }
  if (new Set(password.toLowerCase()).size < 6)
    return { isEnough: false, level: 1, advice: 'Too much of the same. Add a different word.' }
  const rest = about
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((part) => part.length >= 3)
    .reduce((left, part) => left.replaceAll(part, ''), password.toLowerCase())
  if ([...rest].length < Math.min(8, least))
    return { isEnough: false, level: 1, advice: 'Too close to your name or email. Add other words.' }
  const words = password.split(/[\s\-_.,]+/).filter((word) => word.length >= 3)
  if (length >= 22 || words.length >= 4) return { isEnough: true, level: 3, advice: 'Strong. Keep it somewhere safe.' }
  return { isEnough: true, level: 2, advice: 'Good. One more word would make it strong.' }
}

/** What the guesser (zxcvbn, 0 to 4) adds to a password that is long enough: long is not strong when it is well known. */
export function withStrength(advice: PasswordAdvice, score: 0 | 1 | 2 | 3 | 4): PasswordAdvice {
  if (score <= 1)
    return {
      isEnough: true,
      level: 1,
      advice: 'A guesser would find this soon. Use words that have nothing to do with each other.',
    }
  if (score === 2) return { isEnough: true, level: 2, advice: 'Good. One more word would make it strong.' }
  return advice
}
