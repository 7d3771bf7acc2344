/** JSON from a provider's API, parsed by our own schema, or `way_unavailable`. */
import type * as z from 'zod'
import { Email } from '../answers.ts'
import { type FetchLike, unavailable } from './guarded-fetch.ts'

/** GitHub and Trakt refuse whoever does not say what they are. */
export const USER_AGENT = 'Porchlight'

/** Throws for any status but 2xx. */
export async function readJson<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.infer<Schema>> {
  if (!response.ok) throw unavailable(new TypeError(`the provider answers ${response.status}`))
  const parsed = schema.safeParse(await response.json().catch(() => undefined))
  if (!parsed.success) throw unavailable(new TypeError('the provider answers in another shape'))
  return parsed.data
}

export const getJson = async <Schema extends z.ZodType>(
  fetch: FetchLike,
  url: string,
  headers: Record<string, string>,
  schema: Schema,
): Promise<z.infer<Schema>> =>
  readJson(await fetch(url, { headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...headers } }), schema)

/** As we write addresses; null for what is none. */
export const readEmail = (text: unknown): string | null => Email.safeParse(text).data ?? null

/** A name that fits our own, or the other one. */
export const readName = (name: unknown, otherwise: string): string =>
  (typeof name === 'string' && name.trim().slice(0, 60)) || otherwise.slice(0, 60) || 'Somebody'
