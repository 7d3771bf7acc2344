/** A third OpenID provider, by other hands (oauth2-mock-server): it lets anybody in, and its answers can be bent on their way out. */
import { OAuth2Server } from 'oauth2-mock-server'
import type { StandIn } from './stand-in.ts'

/** It takes any client. */
export const MOCK_CLIENT = { id: 'porchlight', secret: 'mock-client-secret-0123456789abcdef' }

/**
 * Everybody is `johndoe`. `POST /stand-in/bend?how=<JSON>` bends the next walk alone: `claims` of the ID token, `answer`
 * of the token endpoint (null takes one away), parameters of the way `back`.
 */
export async function startMockOidc(): Promise<StandIn> {
  const server = new OAuth2Server()
  await server.issuer.keys.generate('RS256')
  await server.start(0, '127.0.0.1')
  const origin = `http://127.0.0.1:${server.address().port}`
  server.issuer.url = origin

  type Bend = { claims?: object; answer?: object; back?: Record<string, string> }
  let next: Bend = {}
  server.service.addRoute('POST', '/stand-in/bend', (request, response) => {
    next = JSON.parse(new URL(request.url ?? '', origin).searchParams.get('how') ?? '{}') as Bend
    response.writeHead(204).end()
  })
  server.service.on('beforeAuthorizeRedirect', ({ url }: { url: URL }) => {
    for (const [name, value] of Object.entries(next.back ?? {})) url.searchParams.set(name, value)
  })
  server.service.on('beforeTokenSigning', ({ payload }: { payload: Record<string, unknown> }) => {
    // The access token has no audience of its own.
    if ('aud' in payload) bend(payload, next.claims)
  })
  server.service.on('beforeResponse', ({ body }: { body: Record<string, unknown> }) => {
    bend(body, next.answer)
    next = {}
  })
  return { origin, close: () => server.stop() }
}

function bend(target: Record<string, unknown>, changes: object = {}): void {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete target[name]
    else target[name] = value
  }
}
