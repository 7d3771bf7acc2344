/** An honest OpenID provider: oidc-provider (certified), whose people agree as soon as they say who they are. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import type { StandIn } from './stand-in.ts'

export const OIDC_CLIENT = { id: 'porchlight', secret: 'oidc-client-secret-0123456789' }

type OidcPerson = { sub: string; email?: string; email_verified?: boolean; name?: string; hd?: string }

const signInPage = `<!doctype html><title>Provider</title>
<form><label>Who are you? <input name="person" autofocus></label> <button>Sign in</button></form>`

/**
 * Whoever opens `authorize` with `&login_hint=<JSON of an OidcPerson>` is that person; anybody else types one in. E-mail and name come from the
 * userinfo route, not in the ID token, as oidc-provider does by default (OIDC core §5.4).
 */
export async function startOidc(redirectUris: string[]): Promise<StandIn> {
  const people = new Map<string, OidcPerson>()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const provider = new Provider(origin, {
    clients: [{ client_id: OIDC_CLIENT.id, client_secret: OIDC_CLIENT.secret, redirect_uris: redirectUris }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'hd'] },
    cookies: { keys: ['stand-in'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
  })
  const answer = provider.callback()

  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    try {
      const { params, grantId } = await provider.interactionDetails(request, response)
      const typed = new URL(request.url, origin).searchParams.get('person') ?? params.login_hint
      if (typeof typed !== 'string') {
        response.writeHead(200, { 'content-type': 'text/html' }).end(signInPage)
        return
      }
      const person: OidcPerson = JSON.parse(typed)
      people.set(person.sub, person)
      const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
      const grant = known ?? new provider.Grant({ accountId: person.sub, clientId: OIDC_CLIENT.id })
      grant.addOIDCScope(String(params.scope))
      await provider.interactionFinished(request, response, {
        login: { accountId: person.sub },
        consent: { grantId: await grant.save() },
      })
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  return {
    origin,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
