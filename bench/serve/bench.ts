/** A complete film over HTTP, to one viewer and to fifty: our agent beside Node's own file stream and nginx. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provision } from '../../e2e/provision.ts'
import { pseudoRandomBytes } from '../../node-agent/testing/seeder.ts'
import { percentile, report } from '../report.ts'
import type { Answer, Fetch, Fetched } from './clients-process.ts'
import { startNginx } from './nginx.ts'

const SIZE_BYTES = 128 * 1024 * 1024
const VIEWERS = 50
const FIRST_BYTES = 60
/** Parts that a player asks for first. */
const PART_BYTES = 64 * 1024
const ROUNDS = { '1-client': 9, '50-clients': 3 } as const

type Subject = { name: string; urls: string[]; stop(): void }

provision({ nginx: 'nginx' })
const folder = mkdtempSync(join(tmpdir(), 'porchlight-serve-'))
// nginx reads it as another user.
chmodSync(folder, 0o755)
const film = join(folder, 'film.mp4')
writeFileSync(film, pseudoRandomBytes(SIZE_BYTES))
const here = (file: string) => join(import.meta.dirname, file)
const clients = fork(here('clients-process.ts'), { stdio: ['ignore', 2, 2, 'ipc'] })
const subjects: Subject[] = []
try {
  subjects.push(await startServer('porchlight', 'porchlight-server.ts', [film, join(folder, 'home'), String(VIEWERS)]))
  subjects.push(await startServer('node-stream', 'node-stream-server.ts', [film]))
  subjects.push({ name: 'nginx', ...(await startNginx(film, join(folder, 'nginx'))) })
  await measure('1-client', 1)
  await measure('50-clients', VIEWERS)
} finally {
  for (const subject of subjects) subject.stop()
  clients.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function startServer(name: string, file: string, args: string[]): Promise<Subject> {
  const child: ChildProcess = fork(here(file), args, { stdio: ['ignore', 2, 2, 'ipc'] })
  const [urls] = (await once(child, 'message')) as [string[]]
  return { name, urls, stop: () => void child.kill() }
}

async function fetchAll(fetches: Fetch[]): Promise<{ seconds: number; each: Fetched[] }> {
  clients.send(fetches)
  const [answer] = (await once(clients, 'message')) as [Answer]
  if ('error' in answer) throw new Error(answer.error)
  return answer
}

/** All subjects take turns, so that whatever else this machine does falls on each of them. */
async function measure(benchCase: keyof typeof ROUNDS, viewers: number): Promise<void> {
  const figures = subjects.map((subject) => ({ subject, rates: [] as number[], waits: [] as number[] }))
  const fetchesOf = ({ urls }: Subject, range?: string): Fetch[] =>
    Array.from({ length: viewers }, (_, viewer) => ({ url: urls[viewer % urls.length] ?? '', range }))
  for (let round = -1; round < ROUNDS[benchCase]; round++) {
    for (const { subject, rates } of figures) {
      const { seconds, each } = await fetchAll(fetchesOf(subject))
      const bytes = each.reduce((sum, one) => sum + one.bytes, 0)
      if (bytes !== SIZE_BYTES * viewers) throw new Error(`${subject.name} sent ${bytes} bytes`)
      // The first round warms up.
      if (round >= 0) rates.push(bytes / 1e6 / seconds)
    }
  }
  for (let at = 0; at < FIRST_BYTES; at++) {
    const start = Math.floor((SIZE_BYTES * at) / FIRST_BYTES)
    // Whoever comes first in a turn comes last in another.
    const first = at % figures.length
    for (const { subject, waits } of [...figures.slice(first), ...figures.slice(0, first)]) {
      const { each } = await fetchAll(fetchesOf(subject, `bytes=${start}-${start + PART_BYTES - 1}`))
      waits.push(...each.map((one) => one.firstByteMs))
    }
  }
  for (const { subject, rates, waits } of figures) {
    const common = { bench: 'serve', case: benchCase, subject: subject.name }
    report({ ...common, metric: 'mb_per_s', value: percentile(rates, 0.5), n: rates.length })
    report({ ...common, metric: 'first_byte_p50_ms', value: percentile(waits, 0.5), n: waits.length })
  }
}
