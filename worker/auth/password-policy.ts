/** What a new password must be (NIST SP 800-63B-4): long, and not a value that guessers try first. */
import { AppError } from '#protocol/errors.ts'
import { commonPasswords } from './common-passwords.ts'

/** Single-factor minimum of SP 800-63B-4, in code points; no other composition rule, no forced change. */
export const PASSWORD_MIN_CODE_POINTS = 15
/** The minimum for an account whose password never opens it alone. */
export const PASSWORD_MIN_WITH_FACTOR = 8
/** Bounds what a stranger can make us hash. */
export const PASSWORD_MAX_BYTES = 1024

/** The form that is hashed, when set and when checked: one password however the keyboard composed it. */
export const normalizePassword = (password: string): string => password.normalize('NFC')

/** Too short to stand without a second factor. */
export const isShort = (password: string): boolean => [...normalizePassword(password)].length < PASSWORD_MIN_CODE_POINTS

/**
 * Throws `invalid` with a sentence that says what to do. `expected` are values that belong to this person;
 * `hasSecondFactor`: their password never opens the account alone.
 */
export function checkNewPassword(
  password: string,
  expected: readonly string[],
  { hasSecondFactor = false }: { hasSecondFactor?: boolean } = {},
): void {
  const least = hasSecondFactor ? PASSWORD_MIN_WITH_FACTOR : PASSWORD_MIN_CODE_POINTS
  const normal = normalizePassword(password)
  const length = [...normal].length
  if (length < least) {
    throw new AppError(
      'invalid',
      `The password has ${length} characters; it needs at least ${least}. Four or five random words make a good one.`,
    )
  }
  if (new TextEncoder().encode(normal).length > PASSWORD_MAX_BYTES) {
    throw new AppError(
      'invalid',
      `The password is longer than ${PASSWORD_MAX_BYTES} bytes. Please choose a shorter one.`,
    )
  }
  if (isExpected(normal, expected)) {
    throw new AppError(
      'invalid',
      'This password is one of the first that would be guessed. Please choose another: four or five random words make a good one.',
    )
  }
}

/** Whole values only: a long password may well contain a common word. */
function isExpected(password: string, expected: readonly string[]): boolean {
  const plain = squash(password)
  const own = expected.flatMap((value) => [value, value.split('@')[0] ?? '']).map(squash)
  return (
    common.has(plain) ||
    guessedFirst().has(plain) ||
    own.some((value) => value !== '' && isRepetitionOf(plain, value)) ||
    commonUnits.some((unit) => isRepetitionOf(plain, unit)) ||
    new Set(plain).size <= 2 ||
    runs.some((run) => run.includes(plain))
  )
}

let first: Set<string> | undefined
/** Made when the first password is set, not when the Worker starts. */
const guessedFirst = (): Set<string> => {
  first ??= new Set(commonPasswords.trim().split(/\s+/))
  return first
}

/** What a guesser's rules undo for nothing: case, spaces and punctuation. */
const squash = (text: string): string => text.toLowerCase().replace(/[\s\p{P}]/gu, '')

const isRepetitionOf = (text: string, unit: string): boolean =>
  text.length > 0 &&
  unit.repeat(Math.ceil(text.length / unit.length)).slice(0, text.length) === text &&
  text.length >= unit.length

const commonUnits = [
  'password',
  'passw0rd',
  'qwerty',
  'qwertz',
  'azerty',
  'abc',
  'abcd',
  'abc123',
  'admin',
  'administrator',
  'letmein',
  'welcome',
  'iloveyou',
  'monkey',
  'dragon',
  'secret',
  'changeme',
  'football',
  'baseball',
  'sunshine',
  'princess',
  'starwars',
  'porchlight',
  'miauflix',
  'medianest',
  'test',
]

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '01234567890',
  '1234567890',
]
/** Runs along the alphabet, the digits and the keyboard, forwards and backwards, going round three times. */
const runs = rows.flatMap((row) => [row.repeat(3), [...row].reverse().join('').repeat(3)])

/** Common passwords of 15 and more characters once squashed; shorter ones fall to the length already. */
const common = new Set([
  'correcthorsebatterystaple',
  'passwordpassword1',
  'password123456789',
  'password1234567890',
  'qwertyuiop1234567890',
  '1234567890qwertyuiop',
  'q1w2e3r4t5y6u7i8o9p0',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv',
  '1qaz2wsx3edc4rfv5tgb',
  'zaq12wsxcde34rfv',
  'qazwsxedcrfvtgb',
  'qazwsxedcrfvtgbyhnujm',
  'iloveyouiloveyou1',
  'thisismypassword',
  'thisisapassword',
  'mypasswordispassword',
  'letmeinletmein1',
  'trustno1trustno1',
  'tobeornottobethatisthequestion',
  'themeaningoflifeis42',
  'mynameisinigomontoya',
  'maytheforcebewithyou',
  'leavethelightonathome',
  'leavethelighton',
  'porchlightadmin',
  'porchlightpassword',
  'administratorpassword',
])
