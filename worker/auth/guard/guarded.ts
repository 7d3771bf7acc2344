/** Runs a check of something that could be guessed: refused while too many guesses were wrong. */
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import type { BucketName } from './guard.ts'

/** One object of the guard and the buckets of it that count. `name` holds no secret and no address in clear. */
export type GuardPlace = {
  name: string
  buckets: BucketName[]
  /** A right guess does not make up for wrong ones: whoever owns one account could go on guessing at others. */
  isUnforgiving?: boolean
}

/** The places of a sign-in: the account's own, and the address it is tried from. */
export const signInPlaces = (account: string, address: string, device: string | undefined): GuardPlace[] => [
  {
    name: `account:${account}`,
    // A browser that has signed in here before stands apart: guesses from elsewhere are not its own.
    buckets: device ? [{ rule: 'device', about: device }] : [{ rule: 'pair', about: address }, { rule: 'account' }],
  },
  { name: `address:${address}`, buckets: [{ rule: 'address' }], isUnforgiving: true },
]

export const factorPlaces = (userId: string): GuardPlace[] => [
  { name: `factor:${userId}`, buckets: [{ rule: 'factor' }] },
]

/**
 * Throws `too_many` without running `check` when a place says no. `isRight` tells a right guess by what `check` gave;
 * what it throws is neither right nor wrong.
 */
export async function guarded<Value>(
  edge: Edge,
  places: readonly GuardPlace[],
  check: () => Promise<Value>,
  isRight: (value: Value) => boolean,
): Promise<Value> {
  const taken: GuardPlace[] = []
  const settle = async (outcome: 'succeeded' | 'failed' | 'abandoned') => {
    const settled = taken.map(({ name, buckets, isUnforgiving }) => {
      const said = isUnforgiving && outcome === 'succeeded' ? 'abandoned' : outcome
      return guardOf(edge, name).settle(buckets, said, edge.nowMs)
    })
    await Promise.all(settled)
  }
  for (const place of places) {
    const answer = await guardOf(edge, place.name).take(place.buckets, edge.nowMs)
    if (!answer.admitted) {
      await settle('abandoned')
      throw tooMany(answer.retryAfterSeconds)
    }
    taken.push(place)
  }
  let value: Value
  try {
    value = await check()
  } catch (error) {
    await settle('abandoned')
    throw error
  }
  await settle(isRight(value) ? 'succeeded' : 'failed')
  return value
}

const guardOf = ({ env }: Edge, name: string) => env.GUARD.get(env.GUARD.idFromName(name))

function tooMany(seconds: number): AppError {
  const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return new AppError('too_many', `That was tried too often. Please wait ${wait} and try again.`)
}
