/** What is guarded against guessing, and how strictly. Pure. */
import type { ThrottleRule } from './throttle.ts'

const MINUTE = 60
const HOUR = 3600
const DAY = 24 * HOUR

/**
 * `pair`: one account from one address. `device`: one account from a browser that has signed in to it before, so that
 * nobody elsewhere can lock it out. `account`: one account from all addresses it does not know. `address`: one
 * address over all accounts. `factor`: second factors of one account. `mail`: letters asked for one account.
 */
export const guardRules = {
  pair: { free: 5, firstWaitSeconds: 30, mostWaitSeconds: HOUR, forgetSeconds: DAY },
  device: { free: 10, firstWaitSeconds: 30, mostWaitSeconds: HOUR, forgetSeconds: DAY },
  account: { free: 20, firstWaitSeconds: 30, mostWaitSeconds: 15 * MINUTE, forgetSeconds: DAY },
  address: { free: 40, firstWaitSeconds: 30, mostWaitSeconds: HOUR, forgetSeconds: HOUR },
  factor: { free: 5, firstWaitSeconds: MINUTE, mostWaitSeconds: HOUR, forgetSeconds: DAY },
  mail: { free: 3, firstWaitSeconds: 5 * MINUTE, mostWaitSeconds: HOUR, forgetSeconds: HOUR },
} as const satisfies Record<string, ThrottleRule>

export type GuardRule = keyof typeof guardRules
