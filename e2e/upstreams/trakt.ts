/** Trakt: the device sign-in, tokens that are renewed once each, and what a person keeps there (trakt-library.ts). */
import { randomInt } from 'node:crypto'
import { type Answer, type Asked, json, newSecret, type StandIn, startStandIn } from './stand-in.ts'
import { films } from './trakt-catalog.ts'
import { answerLibrary, emptyLibrary, type TraktLibrary } from './trakt-library.ts'

export const TRAKT_CLIENT = { id: 'trakt-client-id', secret: 'trakt-client-secret' }

/** What the poll is answered with: Trakt speaks by status alone, with an empty body. */
const statusOf = { pending: 400, unknown: 404, used: 409, expired: 410, denied: 418, slow: 429 } as const
type State = keyof typeof statusOf | 'approved'
type Device = { deviceCode: string; userCode: string; state: State; slug: string }

const RECORDED_LISTS = [{ trakt: 9001, name: 'Out of copyright', items: films.slice(3) }]

/**
 * `POST /stand-in/device {user_code, state, slug?}`: what the person at trakt.tv/activate does, or what time does.
 * `POST /stand-in/tokens {slug, expires_in?, age?}`: tokens of a person who was here before.
 * `POST /stand-in/forget {slug}`: the person takes the permission back.
 * `POST /stand-in/library {slug, …}`: replaces what is named of a person's things, and gives all of it.
 */
export function startTrakt(): Promise<StandIn> {
  const devices = new Map<string, Device>()
  /** Access and refresh tokens, by whose they are. */
  const tokens = new Map<string, string>()
  const refreshTokens = new Map<string, string>()
  const libraries = new Map<string, TraktLibrary>()
  let refreshes = 0

  function issue(slug: string, expires_in = 604800, age = 0): Answer {
    const [access_token, refresh_token] = [newSecret(32), newSecret(32)]
    tokens.set(access_token, slug)
    refreshTokens.set(refresh_token, slug)
    const created_at = Math.floor(Date.now() / 1000) - age
    return json(200, { access_token, token_type: 'bearer', expires_in, refresh_token, scope: 'public', created_at })
  }

  /** A refresh token works once; whoever brings it again is turned away. */
  function renew({ body }: Asked): Answer {
    refreshes++
    const [slug, token] = [refreshTokens.get(String(body.refresh_token)), String(body.refresh_token)]
    const isOurs = body.client_id === TRAKT_CLIENT.id && body.client_secret === TRAKT_CLIENT.secret
    if (slug === undefined || !isOurs || body.grant_type !== 'refresh_token' || !body.redirect_uri) {
      return json(400, { error: 'invalid_grant', error_description: 'The refresh token is invalid or was revoked.' })
    }
    refreshTokens.delete(token)
    return issue(slug)
  }

  function revoke({ body }: Asked): Answer {
    tokens.delete(String(body.token))
    return json(200, {})
  }

  function library(slug: string): TraktLibrary {
    const known = libraries.get(slug) ?? emptyLibrary()
    libraries.set(slug, known)
    return known
  }

  function order({ path, body }: Asked): Answer | undefined {
    const slug = String(body.slug)
    if (path === '/stand-in/tokens') return issue(slug, Number(body.expires_in ?? 604800), Number(body.age ?? 0))
    if (path === '/stand-in/forget') {
      for (const known of [tokens, refreshTokens]) for (const [token, of] of known) if (of === slug) known.delete(token)
      return { status: 204 }
    }
    if (path !== '/stand-in/library') return undefined
    const { slug: _slug, ...change } = body
    return json(200, { ...Object.assign(library(slug), change), refreshes })
  }

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
    return issue(device.slug)
  }

  return startStandIn((asked) => {
    const { path, headers, body } = asked
    if (path === '/stand-in/device') {
      const device = [...devices.values()].find(({ userCode }) => userCode === body.user_code)
      if (!device) return { status: 404 }
      Object.assign(device, { state: body.state, slug: body.slug ?? device.slug })
      return { status: 204 }
    }
    const ordered = order(asked)
    if (ordered) return ordered
    if (path === '/oauth/device/code') return code(asked)
    if (path === '/oauth/token') return renew(asked)
    if (path === '/oauth/revoke') return revoke(asked)
    if (path === '/oauth/device/token') return token(asked)
    if (headers['trakt-api-version'] !== '2' || headers['trakt-api-key'] !== TRAKT_CLIENT.id) return { status: 403 }
    if (path.startsWith('/lists/')) return publicLists(asked)
    const slug = tokens.get(/^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '')
    if (slug === undefined) return { status: 401 }
    if (path === '/users/settings') return json(200, settingsOf(slug))
    return answerLibrary(asked, library(slug)) ?? { status: 404 }
  })
}

/** Lists that anybody may see; nobody is signed in for them. */
function publicLists({ path }: Asked): Answer {
  const list = RECORDED_LISTS.find(({ trakt }) => path === `/lists/${trakt}/items`)
  if (list)
    return json(
      200,
      list.items.map((movie, at) => ({ rank: at + 1, id: at, listed_at: PAST, type: 'movie', movie })),
    )
  if (path !== '/lists/popular' && path !== '/lists/trending') return { status: 404 }
  return json(
    200,
    RECORDED_LISTS.map(({ trakt, name, items }) => ({
      like_count: 109,
      comment_count: 20,
      list: {
        name,
        description: 'Films that belong to everybody.',
        privacy: 'public',
        type: 'personal',
        sort_by: 'rank',
        sort_how: 'asc',
        created_at: PAST,
        updated_at: PAST,
        item_count: items.length,
        comment_count: 20,
        likes: 109,
        ids: { trakt, slug: name.toLowerCase().replaceAll(' ', '-') },
        user: { username: 'archivist', private: false, name: 'Archivist', ids: { slug: 'archivist' } },
      },
    })),
  )
}
const PAST = '2024-10-11T17:00:54.000Z'

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
