/** Trakt's device sign-in: a code, the page where it is typed in, the token, and whose token it is. */
import { randomInt } from 'node:crypto'
import { type Answer, type Asked, json, newSecret, type StandIn, startStandIn } from './stand-in.ts'

export const TRAKT_CLIENT = { id: 'trakt-client-id', secret: 'trakt-client-secret' }

/** What the poll is answered with: Trakt speaks by status alone, with an empty body. */
const statusOf = { pending: 400, unknown: 404, used: 409, expired: 410, denied: 418, slow: 429 } as const
type State = keyof typeof statusOf | 'approved'
type Device = { deviceCode: string; userCode: string; state: State; slug: string }

/** `POST /stand-in/device {user_code, state, slug?}`: what the person at trakt.tv/activate does, or what time does. */
export function startTrakt(): Promise<StandIn> {
  const devices = new Map<string, Device>()
  const tokens = new Map<string, string>()

  function code({ body }: Asked): Answer {
    if (body.client_id !== TRAKT_CLIENT.id) return { status: 403 }
    const userCode = Array.from({ length: 8 }, () => '0123456789ABCDEF'[randomInt(16)]).join('')
    const device: Device = { deviceCode: newSecret(32), userCode, state: 'pending', slug: '' }
    devices.set(device.deviceCode, device)
    return json(200, {
      device_code: device.deviceCode,
      user_code: userCode,
      verification_url: 'https://trakt.tv/activate',
      expires_in: 600,
      interval: 5,
    })
  }

  function token({ body }: Asked): Answer {
    if (body.client_id !== TRAKT_CLIENT.id || body.client_secret !== TRAKT_CLIENT.secret) {
      return json(401, { error: 'invalid_client', error_description: 'Client authentication failed.' })
    }
    const device = devices.get(String(body.code))
    if (!device) return { status: statusOf.unknown }
    if (device.state !== 'approved') return { status: statusOf[device.state] }
    device.state = 'used'
    const access_token = newSecret(32)
    tokens.set(access_token, device.slug)
    const created_at = Math.floor(Date.now() / 1000)
    return json(200, {
      access_token,
      token_type: 'bearer',
      expires_in: 604800,
      refresh_token: newSecret(32),
      scope: 'public',
      created_at,
    })
  }

  return startStandIn((asked) => {
    const { path, headers, body } = asked
    if (path === '/stand-in/device') {
      const device = [...devices.values()].find(({ userCode }) => userCode === body.user_code)
      if (!device) return { status: 404 }
      Object.assign(device, { state: body.state, slug: body.slug ?? device.slug })
      return { status: 204 }
    }
    if (path === '/oauth/device/code') return code(asked)
    if (path === '/oauth/device/token') return token(asked)
    if (headers['trakt-api-version'] !== '2' || headers['trakt-api-key'] !== TRAKT_CLIENT.id) return { status: 403 }
    const slug = tokens.get(/^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '')
    if (slug === undefined) return { status: 401 }
    if (path === '/users/settings') return json(200, settingsOf(slug))
    return { status: 404 }
  })
}

/** `slug` follows the name and may go to somebody else later on; `uuid` stays. */
const settingsOf = (slug: string) => ({
  user: {
    username: slug,
    private: false,
    deleted: false,
    name: `${slug} of Trakt`,
    vip: false,
    vip_ep: false,
    ids: { slug, uuid: `uuid-of-${slug}` },
    joined_at: '2014-09-01T09:10:11.000Z',
    location: '',
    about: '',
  },
  account: { timezone: 'Europe/Vienna', date_format: 'dmy', time_24hr: true, cover_image: null },
  sharing_text: { watching: '', watched: '', rated: '' },
  limits: { list: { count: 2, item_count: 100 }, watchlist: { item_count: 100 } },
})
