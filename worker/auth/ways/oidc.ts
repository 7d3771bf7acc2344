/** Any OpenID provider by discovery: the operator names the issuer, and everything it says is checked against that. */
import * as oauth from 'oauth4webapi'
import * as z from 'zod'
import { secretJson } from '../../secret-json.ts'
import { beginCode, type CodeClient, fetchOptions, orRefused, redeemCode, refused } from './authorization-code.ts'
import { discoverIssuer, type Issuer } from './discover-issuer.ts'
import type { CodeMemory, ExternalAccount, RedirectWay, WayMoment } from './external-way.ts'
import { readEmail, readName } from './upstream-json.ts'
import type { WaySettings } from './way-settings.ts'

export const OidcSettings = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  label: z.string().min(1).max(40),
  issuer: z.url(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
})
export type OidcSettings = z.infer<typeof OidcSettings>

/** The claims of OIDC core §5.1 that we look at; anything may stand in them. */
type Claims = Record<string, unknown>

/** Google knows the owners of its own mailboxes and of Workspace domains, and of no others (`hd` names the domain). */
type Options = { priority: number; canKnowEmail: (claims: Claims, email: string) => boolean }

/** Throws when the setting is not what it should be: a provider half configured must not be half checked. */
export function oidcWays(env: WaySettings): RedirectWay[] {
  if (!env.OIDC_PROVIDERS) return []
  const providers = z.array(OidcSettings).parse(secretJson('OIDC_PROVIDERS', env.OIDC_PROVIDERS))
  return providers.map((settings) => oidcWay(settings, { priority: 60, canKnowEmail: () => true }))
}

export function oidcWay(settings: OidcSettings, options: Options): RedirectWay {
  const { id, label, issuer, clientId, clientSecret } = settings
  const clientOf = async ({ fetch, now }: WayMoment): Promise<CodeClient & Issuer> => {
    const found = await discoverIssuer(fetch, issuer, now)
    const methods = found.server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return {
      ...found,
      client: { client_id: clientId },
      clientAuth: methods.includes('client_secret_basic')
        ? oauth.ClientSecretBasic(clientSecret)
        : oauth.ClientSecretPost(clientSecret),
      scope: 'openid email profile',
    }
  }
  return {
    id,
    label,
    kind: 'redirect',
    priority: options.priority,
    ports: [new URL(issuer).port],
    begin: async (moment) => {
      const walk = await beginCode(await clientOf(moment), moment)
      walk.url.searchParams.set('nonce', walk.memory.nonce)
      return walk
    },
    finish: async (moment, memory, answer) => {
      const claims = await orRefused(readClaims(await clientOf(moment), moment, memory, answer))
      return accountOf(issuer, claims, options)
    },
  }
}

/** The ID token: issuer, audience, times, nonce, and its signature by a key the issuer publishes (OIDC core §3.1.3.7). */
async function readClaims(
  code: CodeClient & Issuer,
  moment: WayMoment,
  memory: CodeMemory,
  answer: URLSearchParams,
): Promise<Claims & { sub: string }> {
  const { server, client, jwks } = code
  const options = fetchOptions(moment.fetch)
  const expected = { expectedNonce: memory.nonce, requireIdToken: true }
  const { response, tokens } = await redeemCode(code, moment, memory, answer, expected)
  const idToken = oauth.getValidatedIdTokenClaims(tokens)
  if (!idToken) throw refused()
  await oauth.validateApplicationLevelSignature(server, response, { ...options, [oauth.jwksCache]: jwks })
  if (idToken.email !== undefined || !server.userinfo_endpoint) return idToken
  // Of another subject it is refused (OIDC core §5.3.2).
  const more = await oauth.userInfoRequest(server, client, tokens.access_token, options)
  return { ...(await oauth.processUserInfoResponse(server, client, idToken.sub, more)), ...idToken }
}

function accountOf(issuer: string, claims: Claims & { sub: string }, { canKnowEmail }: Options): ExternalAccount {
  const email = readEmail(claims.email)
  return {
    issuer,
    subject: claims.sub,
    label: email ?? readName(claims.preferred_username ?? claims.name, claims.sub),
    displayName: readName(claims.name ?? claims.preferred_username, email?.split('@')[0] ?? 'Somebody'),
    email,
    // Nothing but the boolean: "true", 1 and a claim that is not there are all no.
    isEmailProven: email !== null && claims.email_verified === true && canKnowEmail(claims, email),
    isMember: false,
    token: null,
  }
}
