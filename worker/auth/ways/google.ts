/** Google: an OpenID provider like any other, but for what it can know of an e-mail address. */
import type { RedirectWay } from './external-way.ts'
import { oidcWay } from './oidc.ts'
import type { WaySettings } from './way-settings.ts'

/** `hd` is there when the account belongs to a Workspace domain, whose mailboxes Google keeps. */
export const googleKnows = (claims: Record<string, unknown>, email: string): boolean =>
  email.endsWith('@gmail.com') || (typeof claims.hd === 'string' && email.endsWith(`@${claims.hd.toLowerCase()}`))

export function googleWays(env: WaySettings): RedirectWay[] {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env
  if (!clientId || !clientSecret) return []
  const issuer = env.GOOGLE_ISSUER || 'https://accounts.google.com'
  const settings = { id: 'google', label: 'Google', issuer, clientId, clientSecret }
  return [oidcWay(settings, { priority: 55, canKnowEmail: googleKnows })]
}
