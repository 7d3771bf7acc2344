/** Requests per second and waits of three everyday calls, beside a bare Hono app in the same workerd, in turns. */
import { clientFrom, type EdgeClient, person, post, setUp } from '../../e2e/edge-client.ts'
import { startTestHome } from '../../e2e/home-for-tests.ts'
import { type LoadResult, load } from '../load.ts'
import { report } from '../report.ts'

const callers = 8
const seconds = 3
const rounds = 3

const home = await startTestHome({ demo: false, edgeScript: 'bench/api/edge-with-bare-hono.ts' })
try {
  const { origin } = home
  const first = await setUp(origin, home.setupUrl)
  // A session for each caller: a refresh rotates its own session's token, as it does for real people.
  const clients = [first]
  while (clients.length < callers) {
    const { email, password } = person
    clients.push(await clientFrom(origin, await post(`${origin}/api/auth/sign-in`, origin, { email, password })))
  }
  const clientOf = (caller: number) => clients[caller] ?? first

  await compare('health', () => get(`${origin}/health`), 'GET')
  await compare('browse', (caller) => get(`${origin}/api/titles`, clientOf(caller).accessToken), 'GET')
  await compare('refresh', (caller) => refresh(clientOf(caller)), 'POST')
} finally {
  await home.stop()
}

/** Measures our call and a bare one that answers with as many bytes, in turns. */
async function compare(name: string, call: (caller: number) => Promise<number>, method: 'GET' | 'POST'): Promise<void> {
  const bytes = await call(0)
  const bareUrl = `${home.origin}/api/bare/${Math.max(0, bytes - '{"filler":""}'.length)}`
  const subjects = {
    porchlight: async (caller: number) => void (await call(caller)),
    'bare-hono': async () => void (await read(await fetch(bareUrl, { method }))),
  }
  const results: Record<string, LoadResult[]> = { porchlight: [], 'bare-hono': [] }
  for (let round = 0; round < rounds; round++) {
    for (const [subject, run] of Object.entries(subjects)) {
      results[subject]?.push(await load({ callers, seconds, call: run }))
    }
  }
  for (const [subject, rows] of Object.entries(results)) {
    const n = rows.reduce((sum, row) => sum + row.n, 0)
    const middle = (pick: (row: LoadResult) => number) =>
      rows.map(pick).sort((a, b) => a - b)[rows.length >> 1] ?? Number.NaN
    const common = { bench: 'api', case: name, subject, n }
    report({ ...common, metric: 'requests_per_s', value: middle((row) => row.requestsPerSecond) })
    report({ ...common, metric: 'p50_ms', value: middle((row) => row.p50Ms) })
    report({ ...common, metric: 'p99_ms', value: middle((row) => row.p99Ms) })
  }
}

async function get(url: string, accessToken?: string): Promise<number> {
  return read(await fetch(url, accessToken ? { headers: { authorization: `Bearer ${accessToken}` } } : {}))
}

async function refresh(client: EdgeClient): Promise<number> {
  const url = `${client.origin}/api/auth/refresh/${client.sessionId}`
  const response = await post(url, client.origin, undefined, client.cookie)
  client.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? client.cookie
  return read(response)
}

/** Length of the whole body; a refusal measures nothing. */
async function read(response: Response): Promise<number> {
  const { byteLength } = await response.arrayBuffer()
  if (!response.ok) throw new Error(`${response.status} from ${new URL(response.url).pathname}`)
  return byteLength
}
