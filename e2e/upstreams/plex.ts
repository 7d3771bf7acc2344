/** plex.tv: PINs, the page where a code is typed in, who a token belongs to and which servers it reaches. */
import { randomInt } from 'node:crypto'
import { type Answer, type Asked, json, newSecret, type StandIn, startStandIn } from './stand-in.ts'

export const PLEX_SERVER_ID = 'f1d2e3c4b5a697887766554433221100aabbccdd'

type PlexPerson = { id: number; username: string; email: string; servers: string[]; token?: string }
type Pin = { id: number; code: string; client: string; createdAtMs: number; token: string | null }

const PIN_SECONDS = 900

/**
 * `POST /stand-in/people` adds a person and answers `{ token }`, what their browser holds for plex.tv. They type a code
 * in by `PUT /api/v2/pins/link` with that token, as the page behind plex.tv/link does.
 */
export function startPlex(): Promise<StandIn> {
  const people = new Map<string, PlexPerson>()
  const pins = new Map<number, Pin>()
  let nextId = randomInt(1e9, 2e9)

  /** Without `strong` a code of four characters, for plex.tv/link; with it a long one for app.plex.tv/auth. */
  function newPin({ query, body, headers }: Asked): Answer {
    const client = headers['x-plex-client-identifier']
    if (typeof client !== 'string') return refused(400, 1000, 'X-Plex-Client-Identifier is missing')
    const strong = (query.get('strong') ?? body.strong) === 'true'
    const letters = Array.from({ length: 4 }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ123456789'[randomInt(33)]).join('')
    const code = strong ? newSecret(12) : letters
    const pin: Pin = { id: nextId++, code, client, createdAtMs: Date.now(), token: null }
    pins.set(pin.id, pin)
    return json(201, pinOf(pin, headers))
  }

  function link({ body, headers }: Asked): Answer {
    const token = headers['x-plex-token']
    if (typeof token !== 'string' || !people.has(token)) return refused(401, 1001, 'User could not be authenticated')
    const pin = [...pins.values()].find(({ code }) => code === String(body.code).toUpperCase())
    if (!pin) return refused(404, 1020, 'Code not found or expired')
    // A token of its own for the device that asked, as plex.tv gives.
    const own = newSecret(10)
    const person = people.get(token)
    if (person) people.set(own, person)
    pin.token = own
    return { status: 204 }
  }

  return startStandIn((asked) => {
    const { method, path, headers } = asked
    if (path === '/stand-in/people') {
      const token = newSecret(10)
      people.set(token, asked.body as PlexPerson)
      return json(200, { token })
    }
    // Time passes for one code.
    if (path === '/stand-in/expire') {
      for (const pin of pins.values()) if (pin.code === asked.body.code) pins.delete(pin.id)
      return { status: 204 }
    }
    if (path === '/api/v2/pins' && method === 'POST') return newPin(asked)
    if (path === '/api/v2/pins/link' && method === 'PUT') return link(asked)
    const pin = pins.get(Number(/^\/api\/v2\/pins\/(\d+)$/.exec(path)?.[1]))
    if (path.startsWith('/api/v2/pins/')) {
      if (!pin || pin.client !== headers['x-plex-client-identifier']) {
        return refused(404, 1020, 'Code not found or expired')
      }
      return json(200, pinOf(pin, headers))
    }
    const person = people.get(String(headers['x-plex-token']))
    if (!person) return refused(401, 1001, 'User could not be authenticated')
    if (path === '/api/v2/user') return json(200, userOf(person, String(headers['x-plex-token'])))
    if (path === '/api/v2/resources')
      return json(
        200,
        person.servers.map((id) => resourceOf(id, person)),
      )
    return refused(404, 1002, 'Not Found')
  })
}

const refused = (status: number, code: number, message: string): Answer =>
  json(status, { errors: [{ code, message, status }] })

const pinOf = ({ id, code, client, createdAtMs, token }: Pin, headers: Asked['headers']) => ({
  id,
  code,
  product: headers['x-plex-product'] ?? 'Plex Web',
  trusted: false,
  qr: `https://plex.tv/api/v2/pins/qr/${code}`,
  clientIdentifier: client,
  location: {
    code: 'AT',
    european_union_member: true,
    continent_code: 'EU',
    country: 'Austria',
    city: 'Vienna',
    time_zone: 'Europe/Vienna',
    postal_code: '1010',
    in_privacy_restricted_country: true,
    in_privacy_restricted_region: true,
    subdivisions: 'Vienna',
    coordinates: '48.2, 16.37',
  },
  expiresIn: Math.max(0, Math.ceil(PIN_SECONDS - (Date.now() - createdAtMs) / 1000)),
  createdAt: new Date(createdAtMs).toISOString(),
  expiresAt: new Date(createdAtMs + PIN_SECONDS * 1000).toISOString(),
  authToken: token,
  newRegistration: token === null ? null : false,
})

const userOf = ({ id, username, email }: PlexPerson, authToken: string) => ({
  id,
  uuid: id.toString(16).padStart(16, '0'),
  username,
  title: username,
  email,
  friendlyName: '',
  locale: null,
  confirmed: true,
  joinedAt: 1400000000,
  emailOnlyAuth: false,
  hasPassword: true,
  protected: false,
  thumb: `https://plex.tv/users/${id.toString(16)}/avatar?c=1700000000`,
  authToken,
  mailingListActive: false,
  country: 'AT',
  subscription: {
    active: false,
    subscribedAt: null,
    status: 'Inactive',
    paymentService: null,
    plan: null,
    features: [],
  },
  restricted: false,
  home: false,
  guest: false,
  homeSize: 1,
  homeAdmin: false,
  maxHomeSize: 15,
  roles: [],
  entitlements: [],
  services: [],
})

const resourceOf = (clientIdentifier: string, { username }: PlexPerson) => ({
  name: 'living room',
  product: 'Plex Media Server',
  productVersion: '1.42.1.10060',
  platform: 'Linux',
  platformVersion: '6.1',
  device: 'PC',
  clientIdentifier,
  createdAt: '2020-01-01T00:00:00Z',
  lastSeenAt: '2026-11-20T20:15:00Z',
  provides: 'server',
  ownerId: 1,
  sourceTitle: username,
  publicAddress: '203.0.113.7',
  accessToken: newSecret(10),
  owned: false,
  home: false,
  synced: false,
  relay: true,
  presence: true,
  httpsRequired: false,
  publicAddressMatches: false,
  dnsRebindingProtection: false,
  natLoopbackSupported: false,
  connections: [],
})
