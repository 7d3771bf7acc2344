/** The operator's zone behind Cloudflare's DNS API (v4): list and change records. What it answers is a stranger's. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { readBoundedText } from '../../read-bounded.ts'
import type { NewRecord, ZoneRecord } from './plan-records.ts'

const API = 'https://api.cloudflare.com/client/v4'
const ANSWER_MS = 8000
const MOST_BYTES = 1024 * 1024
/** Below what one agent may have, twice: a page of the listing holds them all. */
const PER_PAGE = 100
/** The shortest that every plan allows: an address that changes is found again soon. */
const TTL_SECONDS = 60

export type Zone = { id: string; name: string; token: string; url: string }

const Records = z.object({
  result: z.array(
    z.object({ id: z.string().min(1).max(64), type: z.string(), name: z.string(), content: z.string().catch('') }),
  ),
})
const Done = z.object({ success: z.literal(true) })

/** Undefined where the operator has set up no zone. */
export function zoneOf({ env }: Pick<Edge, 'env'>): Zone | undefined {
  const { DNS_ZONE_ID: id, DNS_ZONE_NAME: name, DNS_API_TOKEN: token } = env
  if (!id || !name || !token) return undefined
  return { id, name: name.toLowerCase(), token, url: env.DNS_API_URL || API }
}

/** All records below `name`. Throws `upstream_away` or `not_configured`. */
export async function listRecords(edge: Edge, zone: Zone, name: string): Promise<ZoneRecord[]> {
  const query = new URLSearchParams({ 'name.endswith': `.${name}`, per_page: String(PER_PAGE) })
  return (await ask(edge, zone, `?${query}`, undefined, Records)).result
}

/** In one transaction of theirs, deletions first. Throws as `listRecords`. */
export async function changeRecords(
  edge: Edge,
  zone: Zone,
  { deletes, posts }: { deletes: string[]; posts: NewRecord[] },
): Promise<void> {
  const body = {
    deletes: deletes.map((id) => ({ id })),
    posts: posts.map((record) => ({
      ...record,
      ttl: TTL_SECONDS,
      proxied: false,
      comment: 'Porchlight: a home agent',
    })),
  }
  await ask(edge, zone, '/batch', body, Done)
}

async function ask<Schema extends z.ZodType>(
  edge: Edge,
  zone: Zone,
  path: string,
  body: object | undefined,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const { correlationId } = edge
  let answer: Response
  try {
    answer = await fetch(`${zone.url}/zones/${encodeURIComponent(zone.id)}/dns_records${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${zone.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (answer.ok) return schema.parse(JSON.parse(await readBoundedText(answer, MOST_BYTES)))
  } catch (cause) {
    log('warn', 'zone_failed', { correlationId, error: cause })
    throw away(cause)
  }
  await answer.body?.cancel()
  log('warn', 'zone_refused', { correlationId, status: answer.status })
  if (answer.status === 401 || answer.status === 403) {
    throw new AppError(
      'not_configured',
      'The zone does not accept DNS_API_TOKEN. Please set one that may edit its DNS.',
    )
  }
  throw away()
}

const away = (cause?: unknown) =>
  new AppError('upstream_away', 'The zone’s DNS service does not answer as it should. It is tried again later.', {
    cause,
  })
