/** The operator's limits of the relay, read from the settings. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'

/** Bytes a second, of all who watch through the relay together and of each; undefined: as fast as it goes. */
export type RelayLimits = { household: number | undefined; viewer: number | undefined }

const Limit = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)
  .refine((bytesPerSecond) => bytesPerSecond >= 10_000)

/** Throws `not_configured` for what is no limit: better nothing through the relay than all of it. */
export function readRelayLimits(env: {
  RELAY_HOUSEHOLD_LIMIT?: string | undefined
  RELAY_VIEWER_LIMIT?: string | undefined
}): RelayLimits {
  const read = (name: 'RELAY_HOUSEHOLD_LIMIT' | 'RELAY_VIEWER_LIMIT'): number | undefined => {
    const text = env[name]
    if (text === undefined || text === '') return undefined
    const limit = Limit.safeParse(text)
    if (limit.success) return limit.data
    throw new AppError('not_configured', `${name} must be bytes a second, at least 10000. Ask whoever runs this edge.`)
  }
  return { household: read('RELAY_HOUSEHOLD_LIMIT'), viewer: read('RELAY_VIEWER_LIMIT') }
}
