/** The walk of RFC 6749 §4.1 with state, PKCE and nonce (RFC 9700 §2.1), by oauth4webapi. */
import * as oauth from 'oauth4webapi'
import { AppError } from '#protocol/errors.ts'
import type { CodeMemory, WayMoment } from './external-way.ts'
import type { FetchLike } from './guarded-fetch.ts'

/** `clientAuth` and the secret are the operator's; `server` is fixed, or from discovery. */
export type CodeClient = {
  server: oauth.AuthorizationServer
  client: oauth.Client
  clientAuth: oauth.ClientAuth
  scope: string
}

/** Where to send the browser, and what to remember until it is back. */
export async function beginCode(
  { server, client, scope }: CodeClient,
  { redirectUri }: WayMoment,
  extra: Record<string, string> = {},
): Promise<{ url: URL; memory: CodeMemory }> {
  const memory = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
    issuer: server.issuer,
  }
  const url = new URL(server.authorization_endpoint ?? '')
  const parameters = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope,
    state: memory.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(memory.verifier),
    code_challenge_method: 'S256',
    ...extra,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url, memory }
}

/** The token endpoint's answer, raw (its ID token's signature is checked by it) and read. `iss` is compared whenever it is there (RFC 9207 §2.4), and demanded where it is promised. */
export async function redeemCode(
  { server, client, clientAuth }: CodeClient,
  { fetch, redirectUri }: WayMoment,
  memory: CodeMemory,
  answer: URLSearchParams,
  options: { expectedNonce?: string; requireIdToken?: boolean } = {},
): Promise<{ response: Response; tokens: oauth.TokenEndpointResponse }> {
  if (memory.issuer !== server.issuer) throw refused(new TypeError('the walk began with another issuer'))
  const parameters = oauth.validateAuthResponse(server, client, answer, memory.state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    clientAuth,
    parameters,
    redirectUri,
    memory.verifier,
    fetchOptions(fetch),
  )
  return { response, tokens: await oauth.processAuthorizationCodeResponse(server, client, response, options) }
}

/** What is http and what is not was decided by the guard already (public-url.ts), so oauth4webapi need not ask again. */
export const fetchOptions = (fetch: FetchLike) => ({
  [oauth.customFetch]: (url: string, init: unknown) => fetch(url, init as RequestInit),
  [oauth.allowInsecureRequests]: true,
})

/** One sentence for every reason: what a provider wrote is never shown, and what we found wrong helps only an attacker. */
export const refused = (cause?: unknown): AppError =>
  new AppError(
    'way_refused',
    'Signing in there did not work, or was broken off. Please try again, or use another way.',
    cause === undefined ? {} : { cause },
  )

/** Turns what oauth4webapi throws into a refusal; our own refusals stay what they are. */
export async function orRefused<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (error) {
    throw error instanceof AppError ? error : refused(error)
  }
}
