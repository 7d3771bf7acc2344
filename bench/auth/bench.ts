/**
 * What signing in, refreshing and being signed in cost: waits, rows of D1 and processor time, beside a bare Hono route.
 * `authorised` is that very route behind the door of every route that needs somebody signed in.
 */
import { type EdgeClient, person, setUp } from '../../e2e/edge-client.ts'
import { startLoneEdge } from '../lone-edge.ts'
import { percentile, report } from '../report.ts'
import { workerdCpuMs } from '../workerd-cpu.ts'

const counting = { 'x-bench-rows': '1' }

/** One caller, one request after another, both subjects in turns: what a person waits, not what a crowd gets. */
async function compare(
  client: EdgeClient,
  name: string,
  n: number,
  call: () => Promise<Response>,
  method: 'GET' | 'POST',
): Promise<void> {
  const bytes = await lengthOf(await call())
  const bare = (path: string) => () =>
    fetch(`${client.origin}/api/bare/${path}${Math.max(0, bytes - '{"filler":""}'.length)}`, { method })
  const subjects = {
    porchlight: call,
    'bare-hono': bare(''),
    // A line in the log is written by every route of ours, and is no cost of knowing who asks.
    ...(method === 'GET' ? { 'bare-hono-logged': bare('logged/') } : {}),
  }
  const waits: Record<string, number[]> = Object.fromEntries(Object.keys(subjects).map((subject) => [subject, []]))
  for (let i = 0; i < n; i++) {
    for (const [subject, run] of Object.entries(subjects)) {
      const sentAt = performance.now()
      await lengthOf(await run())
      waits[subject]?.push(performance.now() - sentAt)
    }
  }
  for (const [subject, run] of Object.entries(subjects)) {
    const all = waits[subject] ?? []
    const common = { bench: 'auth', case: name, subject, n }
    report({ ...common, metric: 'p50_ms', value: percentile(all, 0.5) })
    report({ ...common, metric: 'p99_ms', value: percentile(all, 0.99) })
    report({ ...common, metric: 'cpu_ms', value: await cpuMsOf(run, n) })
  }
  const [, read = '', written = ''] = (await counted(call)).split(' ')
  report({ bench: 'auth', case: name, subject: 'porchlight', metric: 'd1_rows_read', value: Number(read), n: 1 })
  report({ bench: 'auth', case: name, subject: 'porchlight', metric: 'd1_rows_written', value: Number(written), n: 1 })
}

/** Processor time that all of workerd takes for one request, D1 included. */
async function cpuMsOf(run: () => Promise<Response>, n: number): Promise<number> {
  const before = workerdCpuMs()
  for (let i = 0; i < n; i++) await lengthOf(await run())
  return (workerdCpuMs() - before) / n
}

let isCounting = false
async function counted(call: () => Promise<Response>): Promise<string> {
  isCounting = true
  const response = await call()
  isCounting = false
  await lengthOf(response)
  return response.headers.get('x-bench-rows') ?? ''
}

const headers = (client: EdgeClient, more: Record<string, string> = {}) => ({
  origin: client.origin,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
  ...more,
  ...(isCounting ? counting : {}),
})

const signIn = (client: EdgeClient) => {
  const { email, password } = person
  const body = JSON.stringify({ email, password })
  return fetch(`${client.origin}/api/auth/sign-in`, { method: 'POST', headers: headers(client), body })
}

async function refresh(client: EdgeClient): Promise<Response> {
  const url = `${client.origin}/api/auth/refresh/${client.sessionId}`
  const response = await fetch(url, { method: 'POST', headers: headers(client, { cookie: client.cookie }) })
  client.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? client.cookie
  return response
}

const get = (client: EdgeClient, path: string) =>
  fetch(client.origin + path, { headers: headers(client, { authorization: `Bearer ${client.accessToken}` }) })

/** Of the whole body; a refusal measures nothing. */
async function lengthOf(response: Response): Promise<number> {
  const { byteLength } = await response.arrayBuffer()
  if (!response.ok) throw new Error(`${response.status} from ${new URL(response.url).pathname}`)
  return byteLength
}

const edge = await startLoneEdge()
try {
  const client = await setUp(edge.origin, edge.setupUrl)
  await compare(client, 'refresh', 300, () => refresh(client), 'POST')
  await compare(client, 'authorised', 300, () => get(client, '/api/bare/authorised/300'), 'GET')
  await compare(client, 'who-am-i', 300, () => get(client, '/api/me'), 'GET')
  // Last: of many sign-ins only five devices stay, and the first session is not among them.
  await compare(client, 'sign-in', 20, () => signIn(client), 'POST')
} finally {
  await edge.stop()
}
