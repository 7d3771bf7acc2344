/** A person at the edge's API, without a browser: set-up, then calls with the access token. */
import * as z from 'zod'
import { StreamUrl } from '#protocol/stream-url.ts'

const SignedIn = z.object({ sessionId: z.string(), accessToken: z.string() })
const StreamReady = z.object({ streamId: z.string(), sizeBytes: z.int(), urls: z.array(StreamUrl) })
export type StreamReady = z.infer<typeof StreamReady>

/** What every test's first administrator is called. */
export const person = { email: 'ada@example.org', displayName: 'Ada', password: 'four quiet lamps at dusk' }

export type EdgeClient = {
  origin: string
  sessionId: string
  /** `name=value` of the refresh cookie that was set last. */
  cookie: string
  accessToken: string
  call(method: string, path: string, body?: unknown): Promise<Response>
}

/** Claims the set-up link, which makes the first administrator. */
export async function setUp(origin: string, setupUrl: string | undefined): Promise<EdgeClient> {
  const secret = new URL(setupUrl ?? 'none:').hash.slice(1)
  const response = await post(`${origin}/api/setup`, origin, { secret, ...person })
  if (!response.ok) throw new Error(`set-up was refused: ${response.status} ${await response.text()}`)
  return clientFrom(origin, response)
}

export async function clientFrom(origin: string, response: Response): Promise<EdgeClient> {
  const { sessionId, accessToken } = SignedIn.parse(await response.json())
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return {
    origin,
    sessionId,
    cookie,
    accessToken,
    call: (method, path, body) =>
      fetch(`${origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}

/** A POST as the web app itself would send it: same origin, JSON. */
export const post = (url: string, origin: string, body?: unknown, cookie?: string): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: {
      origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      ...(cookie ? { cookie } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** Presses Play on the title of this name. */
export async function play(client: EdgeClient, titleName: RegExp): Promise<StreamReady> {
  const Titles = z.object({ titles: z.array(z.object({ id: z.string(), name: z.string() })) })
  const { titles } = Titles.parse(await (await client.call('GET', '/api/titles')).json())
  const title = titles.find(({ name }) => titleName.test(name))
  if (!title) throw new Error(`no title like ${titleName}; there are: ${titles.map(({ name }) => name).join(', ')}`)
  const response = await client.call('POST', '/api/streams', { titleId: title.id, startSeconds: 0 })
  if (!response.ok) throw new Error(`Play was refused: ${response.status} ${await response.text()}`)
  return StreamReady.parse(await response.json())
}

/** Address of a stream by one transport. */
export function urlBy(stream: StreamReady, transport: 'direct' | 'relay'): string {
  const found = stream.urls.find((url) => url.transport === transport)
  if (!found) throw new Error(`the stream cannot be reached by ${transport}`)
  return found.url
}
