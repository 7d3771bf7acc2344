/**
 * Trakt: a code typed in at trakt.tv/activate. RFC 8628 in spirit only (the field is `code`, the answers are bare
 * statuses), so no OAuth library reads it.
 */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { refused } from './authorization-code.ts'
import type { DeviceWay, ExternalAccount, WayMoment } from './external-way.ts'
import { unavailable } from './guarded-fetch.ts'
import { getJson, readJson, readName, USER_AGENT } from './upstream-json.ts'
import type { WaySettings } from './way-settings.ts'

const DeviceCode = z.object({
  device_code: z.string().min(16).max(200),
  user_code: z.string().max(20),
  verification_url: z.url(),
  expires_in: z.int().positive(),
  interval: z.int().positive(),
})
const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.int(),
  created_at: z.int(),
})
/** The slug follows the name and may go to somebody else; the uuid stays. */
const Settings = z.object({
  user: z.object({
    username: z.string(),
    name: z.string().nullish(),
    ids: z.object({ slug: z.string(), uuid: z.string().min(8) }),
  }),
})

export function traktWays(env: WaySettings): DeviceWay[] {
  const { TRAKT_CLIENT_ID: clientId, TRAKT_CLIENT_SECRET: secret } = env
  if (!clientId || !secret) return []
  const site = env.TRAKT_URL || 'https://api.trakt.tv'
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': USER_AGENT,
    'trakt-api-version': '2',
    'trakt-api-key': clientId,
  }
  const post = (fetch: WayMoment['fetch'], path: string, body: object) =>
    fetch(`${site}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })

  const accountOf = async (fetch: WayMoment['fetch'], tokens: z.infer<typeof Tokens>): Promise<ExternalAccount> => {
    const asThem = { ...headers, authorization: `Bearer ${tokens.access_token}` }
    const { user } = await getJson(fetch, `${site}/users/settings`, asThem, Settings)
    return {
      issuer: site,
      subject: user.ids.uuid,
      label: user.username,
      displayName: readName(user.name, user.username),
      email: null,
      isEmailProven: false,
      isMember: false,
      // Lists and history are read with it.
      token: JSON.stringify(tokens),
    }
  }

  return [
    {
      id: 'trakt',
      label: 'Trakt',
      kind: 'device',
      priority: 30,
      begin: async ({ fetch }) => {
        const code = await readJson(await post(fetch, '/oauth/device/code', { client_id: clientId }), DeviceCode)
        return {
          userCode: code.user_code,
          verificationUrl: code.verification_url,
          expiresInSeconds: code.expires_in,
          memory: { secret: code.device_code, intervalSeconds: code.interval },
        }
      },
      poll: async ({ fetch }, memory) => {
        const body = { code: memory.secret, client_id: clientId, client_secret: secret }
        const response = await post(fetch, '/oauth/device/token', body)
        const outcome = outcomeOf(response.status)
        if (outcome !== 'approved') return outcome
        return accountOf(fetch, await readJson(response, Tokens))
      },
    },
  ]
}

/** Pure: what Trakt means by a status. Throws `link_over`, `way_refused`, `way_unavailable`. */
export function outcomeOf(status: number): 'approved' | 'pending' | 'slow_down' {
  if (status === 200) return 'approved'
  if (status === 400) return 'pending'
  if (status === 429) return 'slow_down'
  if (status === 404 || status === 409 || status === 410) {
    throw new AppError('link_over', 'This code has run out or was used. Please ask for a new one.')
  }
  if (status === 418) throw refused()
  throw unavailable(new TypeError(`Trakt answers ${status}`))
}
