/** GitHub: OAuth with PKCE; who somebody is comes from its API, and their e-mail only when primary and verified. */
import { ClientSecretPost } from 'oauth4webapi'
import * as z from 'zod'
import { beginCode, type CodeClient, orRefused, redeemCode } from './authorization-code.ts'
import type { RedirectWay } from './external-way.ts'
import { getJson, readEmail, readName } from './upstream-json.ts'
import type { WaySettings } from './way-settings.ts'

/** `id` stays when the login changes hands, so it is the subject and the login is not. */
const GithubUser = z.object({ id: z.int().positive(), login: z.string(), name: z.string().nullish() })
const GithubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

export function githubWays(env: WaySettings): RedirectWay[] {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: secret } = env
  if (!clientId || !secret) return []
  const site = env.GITHUB_URL || 'https://github.com'
  const api = env.GITHUB_API_URL || 'https://api.github.com'
  const code: CodeClient = {
    // No OpenID provider, so nothing to discover; since April 2026 its answers carry this `iss`.
    server: {
      issuer: `${site}/login/oauth`,
      authorization_endpoint: `${site}/login/oauth/authorize`,
      token_endpoint: `${site}/login/oauth/access_token`,
    },
    client: { client_id: clientId },
    clientAuth: ClientSecretPost(secret),
    scope: 'read:user user:email',
  }
  return [
    {
      id: 'github',
      label: 'GitHub',
      kind: 'redirect',
      priority: 50,
      begin: (moment) => beginCode(code, moment),
      finish: async (moment, memory, answer) => {
        const { tokens } = await orRefused(redeemCode(code, moment, memory, answer))
        const headers = { authorization: `Bearer ${tokens.access_token}`, 'x-github-api-version': '2022-11-28' }
        const user = await getJson(moment.fetch, `${api}/user`, headers, GithubUser)
        const emails = await getJson(moment.fetch, `${api}/user/emails`, headers, GithubEmails)
        const email = readEmail(emails.find(({ primary, verified }) => primary && verified)?.email)
        return {
          issuer: code.server.issuer,
          subject: String(user.id),
          label: user.login,
          displayName: readName(user.name, user.login),
          email,
          isEmailProven: email !== null,
          isMember: false,
          token: null,
        }
      },
    },
  ]
}
