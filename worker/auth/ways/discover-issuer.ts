/** An OpenID provider's own description of itself (OpenID Connect Discovery 1.0), believed only where it speaks of itself. */
import * as oauth from 'oauth4webapi'
import { fetchOptions } from './authorization-code.ts'
import { type FetchLike, unavailable } from './guarded-fetch.ts'

/** Public keys only: no `none`, and no HMAC, whose key would be ours or the provider's public one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

const FRESH_SECONDS = 3600

export type Issuer = { server: oauth.AuthorizationServer; jwks: oauth.JWKSCacheInput }

/** Of this isolate, by issuer. */
const known = new Map<string, Issuer & { until: number }>()

/**
 * `issuer` is compared letter by letter (OIDC Discovery §4.3). The addresses it names are not believed here: every one
 * of them is fetched through the guard, and the one a browser is sent to must be https as well.
 */
export async function discoverIssuer(fetch: FetchLike, issuer: string, now: number): Promise<Issuer> {
  const cached = known.get(issuer)
  if (cached && cached.until > now) return cached
  try {
    const url = new URL(issuer)
    const response = await oauth.discoveryRequest(url, { algorithm: 'oidc', ...fetchOptions(fetch) })
    const server = await oauth.processDiscoveryResponse(url, response)
    // `new URL` adds a slash to an issuer without a path; what counts is what the operator wrote.
    if (server.issuer !== issuer) throw new TypeError('the provider names another issuer')
    const algorithms = (server.id_token_signing_alg_values_supported ?? ['RS256']).filter((alg) =>
      ALGORITHMS.includes(alg),
    )
    if (algorithms.length === 0 || !server.jwks_uri || !server.token_endpoint || !server.authorization_endpoint) {
      throw new TypeError('the provider lacks something that sign-in needs')
    }
    if (new URL(server.authorization_endpoint).protocol !== url.protocol) throw new TypeError('no way in over https')
    const found = {
      server: { ...server, id_token_signing_alg_values_supported: algorithms },
      jwks: {},
      until: now + FRESH_SECONDS,
    }
    known.set(issuer, found)
    return found
  } catch (cause) {
    throw unavailable(cause)
  }
}
