/** Plex: a four-character code typed in at plex.tv/link; its token never leaves the edge. */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { DeviceWay, ExternalAccount, WayMoment } from './external-way.ts'
import { getJson, readEmail, readJson, readName, USER_AGENT } from './upstream-json.ts'
import type { WaySettings } from './way-settings.ts'

const Pin = z.object({ id: z.int(), code: z.string().max(12), expiresIn: z.int().positive() })
const PinState = z.object({ authToken: z.string().nullable() })
const PlexUser = z.object({
  id: z.int().positive(),
  username: z.string().nullish(),
  title: z.string().nullish(),
  email: z.string().nullish(),
})
const Resources = z.array(z.object({ clientIdentifier: z.string(), provides: z.string() }))

/** As the origin polls it. */
const INTERVAL_SECONDS = 5

export function plexWays(env: WaySettings): DeviceWay[] {
  const { PLEX_CLIENT_ID: clientId, PLEX_SERVER_ID: serverId } = env
  if (!clientId) return []
  const site = env.PLEX_URL || 'https://plex.tv'
  const headers = {
    accept: 'application/json',
    'user-agent': USER_AGENT,
    'x-plex-product': 'Porchlight',
    'x-plex-client-identifier': clientId,
  }
  const ended = () => new AppError('link_over', 'This code has run out. Please ask for a new one.')

  const accountOf = async ({ fetch }: WayMoment, token: string): Promise<ExternalAccount> => {
    const asThem = { ...headers, 'x-plex-token': token }
    const user = await getJson(fetch, `${site}/api/v2/user`, asThem, PlexUser)
    const name = readName(user.username ?? user.title, `Plex ${user.id}`)
    return {
      issuer: site,
      subject: String(user.id),
      label: name,
      displayName: name,
      email: readEmail(user.email),
      // Plex does not say whether it ever checked the address.
      isEmailProven: false,
      isMember: serverId ? await reaches(fetch, asThem, serverId) : false,
      token,
    }
  }
  /** With the person's own token: the servers they own, and those their owners share with them. */
  const reaches = async (fetch: WayMoment['fetch'], asThem: Record<string, string>, server: string) => {
    const resources = await getJson(fetch, `${site}/api/v2/resources`, asThem, Resources)
    return resources.some(
      ({ clientIdentifier, provides }) => clientIdentifier === server && provides.split(',').includes('server'),
    )
  }

  return [
    {
      id: 'plex',
      label: 'Plex',
      kind: 'device',
      priority: 70,
      begin: async ({ fetch }) => {
        // Not `strong`: that code is a long one, which nobody can type in at plex.tv/link.
        const response = await fetch(`${site}/api/v2/pins?strong=false`, { method: 'POST', headers })
        const { id, code, expiresIn } = await readJson(response, Pin)
        // The PIN's id is a counter, so it stays here: whoever guessed one could not finish somebody else's walk.
        const memory = { secret: String(id), intervalSeconds: INTERVAL_SECONDS }
        return { userCode: code, verificationUrl: 'https://plex.tv/link', expiresInSeconds: expiresIn, memory }
      },
      poll: async (moment, { secret }) => {
        const response = await moment.fetch(`${site}/api/v2/pins/${secret}`, { headers })
        if (response.status === 404) throw ended()
        if (response.status === 429) return 'slow_down'
        const { authToken } = await readJson(response, PinState)
        return authToken === null ? 'pending' : accountOf(moment, authToken)
      },
    },
  ]
}
