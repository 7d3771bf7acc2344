/** Cloudflare's DNS API (v4) for one zone: list, and batch. Another server may ask what stands in it. */
import { type Answer, type Asked, json, newSecret, type StandIn, startStandIn } from './stand-in.ts'

export const ZONE = { id: '023e105f4ecef8ad9ca31a8372d0c353', name: 'home.test', token: 'zone-token-under-test' }

export type StandingRecord = { id: string; type: string; name: string; content: string }
export type ZoneStandIn = StandIn & { records: StandingRecord[] }

const refused = (status: number, code: number, message: string) =>
  json(status, { success: false, errors: [{ code, message }], messages: [], result: null })
const done = (result: unknown) => json(200, { success: true, errors: [], messages: [], result })

/** `GET /stand-in/records` shows what stands in the zone, to a test in another process. */
export async function startZone(): Promise<ZoneStandIn> {
  const records: StandingRecord[] = []
  const path = `/client/v4/zones/${ZONE.id}/dns_records`

  function list({ query }: Asked): Answer {
    const end = query.get('name.endswith') ?? ''
    // As the real one does: it writes addresses in its own way.
    return done(
      records
        .filter(({ name }) => name.endsWith(end))
        .slice(0, Number(query.get('per_page') ?? 100))
        .map((record) => ({ ...record, content: record.content.replace(/(^|:)0+:(0+:)*/, '::') })),
    )
  }

  function batch({ body }: Asked): Answer {
    const { deletes = [], posts = [] } = body as { deletes?: { id: string }[]; posts?: StandingRecord[] }
    const left = records.filter(({ id }) => !deletes.some((one) => one.id === id))
    if (left.length + deletes.length !== records.length) return refused(400, 81044, 'Record does not exist.')
    const same = (a: StandingRecord) => (b: StandingRecord) =>
      a.type === b.type && a.name === b.name && a.content === b.content
    if (posts.some((post) => left.some(same(post)))) return refused(400, 81058, 'An identical record already exists.')
    if (posts.some(({ name }) => !name.endsWith(`.${ZONE.name}`))) return refused(400, 9000, 'DNS name is invalid.')
    const made = posts.map((post) => ({ ...post, id: newSecret(16) }))
    records.splice(0, records.length, ...left, ...made)
    return done({ deletes, patches: [], puts: [], posts: made })
  }

  const standIn = await startStandIn((asked) => {
    if (asked.path === '/stand-in/records') return json(200, records)
    if (!asked.path.startsWith(path)) return refused(404, 7003, 'Could not route to the zone.')
    if (asked.headers.authorization !== `Bearer ${ZONE.token}`) return refused(403, 10000, 'Authentication error')
    if (asked.method === 'GET' && asked.path === path) return list(asked)
    if (asked.method === 'POST' && asked.path === `${path}/batch`) return batch(asked)
    return refused(405, 10405, 'Method not allowed')
  })
  return { ...standIn, records }
}
