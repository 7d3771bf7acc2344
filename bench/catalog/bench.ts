/** What the catalog costs when it is large: waits, round trips, rows of D1, bytes and processor time, beside a bare Hono route. */
import { gzipSync } from 'node:zlib'
import * as z from 'zod'
import { type EdgeClient, setUp } from '../../e2e/edge-client.ts'
import { load } from '../load.ts'
import { startLoneEdge } from '../lone-edge.ts'
import { percentile, report } from '../report.ts'
import { workerdCpuMs } from '../workerd-cpu.ts'
import { bigHousehold, TITLES, titleId, titleName } from './big-household.ts'
import { measureSync } from './measure-sync.ts'

const ROWS_AT_ONCE = 1000
const N = 200
const CALLERS = 8
const SECONDS = 3

const only = process.argv[3]
const isWanted = (name: string) => only === undefined || only === name

const edge = await startLoneEdge()
try {
  const client = await setUp(edge.origin, edge.setupUrl)
  for (const { table, rows } of bigHousehold(await personIdOf(client), Date.now())) {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      const body = JSON.stringify({ table, rows: rows.slice(at, at + ROWS_AT_ONCE) })
      const answer = await fetch(`${edge.origin}/api/bare/rows`, { method: 'POST', body })
      if (!answer.ok) throw new Error(`${answer.status} for rows of ${table}`)
    }
  }
  const cases: Record<string, (n: number) => string> = {
    home: () => '/api/front-page',
    title: (n) => `/api/titles/${titleId((n * 37) % 2000)}`,
    search: searchPath,
    browse: () => '/api/titles',
  }
  for (const [name, pathOf] of Object.entries(cases)) if (isWanted(name)) await measure(client, name, pathOf)
} finally {
  await edge.stop()
}
if (isWanted('sync-1000')) await measureSync()

/** The beginning of some title, as it is typed. */
function searchPath(n: number): string {
  const typed = titleName((n * 1237) % TITLES).slice(0, 6 + (n % 18))
  return `/api/search?scope=known&q=${encodeURIComponent(typed)}`
}

/** One person's waits, then a crowd's requests a second, each beside a bare route that sends as many bytes. */
async function measure(client: EdgeClient, name: string, pathOf: (n: number) => string): Promise<void> {
  const ask = (n: number, more: Record<string, string> = {}) =>
    fetch(client.origin + pathOf(n), { headers: { authorization: `Bearer ${client.accessToken}`, ...more } })
  const first = Buffer.from(await bytesOf(await ask(0)))
  const bareUrl = `${client.origin}/api/bare/${Math.max(0, first.length - '{"filler":""}'.length)}`
  const subjects = { porchlight: ask, 'bare-hono': () => fetch(bareUrl) }
  const waits: Record<string, number[]> = { porchlight: [], 'bare-hono': [] }
  for (let n = 0; n < N; n++) {
    for (const [subject, run] of Object.entries(subjects)) {
      const sentAt = performance.now()
      await bytesOf(await run(n))
      waits[subject]?.push(performance.now() - sentAt)
    }
  }
  for (const [subject, run] of Object.entries(subjects)) {
    const common = { bench: 'catalog', case: name, subject, n: N }
    report({ ...common, metric: 'p50_ms', value: percentile(waits[subject] ?? [], 0.5) })
    const before = workerdCpuMs()
    for (let n = 0; n < N; n++) await bytesOf(await run(n))
    report({ ...common, metric: 'cpu_ms', value: (workerdCpuMs() - before) / N })
    let asked = 0
    const crowd = await load({
      callers: CALLERS,
      seconds: SECONDS,
      call: async () => void (await bytesOf(await run(asked++))),
    })
    report({ ...common, metric: 'requests_per_s', value: crowd.requestsPerSecond, n: crowd.n })
  }
  const counted = await ask(1, { 'x-bench-rows': '1' })
  await bytesOf(counted)
  const [trips = '', read = '', written = ''] = (counted.headers.get('x-bench-rows') ?? '').split(' ')
  const ours = { bench: 'catalog', case: name, subject: 'porchlight', n: 1 }
  report({ ...ours, metric: 'd1_round_trips', value: Number(trips) })
  report({ ...ours, metric: 'd1_rows_read', value: Number(read) })
  report({ ...ours, metric: 'd1_rows_written', value: Number(written) })
  report({ ...ours, metric: 'bytes_gz', value: gzipSync(first).length })
}

async function personIdOf(client: EdgeClient): Promise<string> {
  return z.object({ id: z.string() }).parse(await (await client.call('GET', '/api/me')).json()).id
}

async function bytesOf(response: Response): Promise<ArrayBuffer> {
  const bytes = await response.arrayBuffer()
  if (!response.ok) throw new Error(`${response.status} from ${new URL(response.url).pathname}`)
  return bytes
}
