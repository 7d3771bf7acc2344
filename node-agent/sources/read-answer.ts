/** An answer of a provider's host, judged by a schema before anything is taken from it. */
import type * as z from 'zod'
import { parseJson } from '../parse-json.ts'
import type { Fetched } from './guarded-fetch.ts'
import { ProviderFailure } from './provider-failure.ts'

/** Throws `malformed` for what is not JSON, or not of this shape. */
export function readJson<Schema extends z.ZodType>({ bytes, url }: Fetched, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(bytes.toString('utf8')))
  if (!parsed.success) throw new ProviderFailure('malformed', `${url.hostname} answered something else than it should`)
  return parsed.data
}
