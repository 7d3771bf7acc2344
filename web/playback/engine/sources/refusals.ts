/** What home said instead of what hls.js asked for, by the answer that hls.js is told of. */
import type { Refused } from './transfer.ts'

const refusals = new WeakMap<object, string>()

/** Gives the answer that hls.js is to be told of. */
export function noteRefusal({ response, body }: Refused): Response {
  refusals.set(response, body)
  return response
}

/** In home's own words; undefined for what was no refusal. */
export const refusalText = (networkDetails: unknown): string | undefined =>
  typeof networkDetails === 'object' && networkDetails ? refusals.get(networkDetails) : undefined
