/**
 * A film that is whole at home, as Chromium receives it: `direct` beside the same file from a bare Node server, `p2p` with
 * the player's own loader beside a bare data channel, `relay` alone. Taken in turns. `cpu_s` is the processor time of the
 * sending process for each 100 MB; Chromium's own is not in it.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../e2e/browser.ts'
import { bundleScript } from '../../e2e/bundle-script.ts'
import { type EdgeClient, play, type StreamReady, setUp } from '../../e2e/edge-client.ts'
import { startLoneHome } from '../lone-home.ts'
import { writePaddedFilm } from '../relay/padded-film.ts'
import { percentile, report } from '../report.ts'
import type { Ask, PageBench, Timed } from './page.ts'

const paddingMiB = 232
const rounds = 3
/** Of a data channel: it takes its time. */
const peerBytes = 48 * 1024 * 1024
const firstBytes = 30
const opens = 20

declare const bench: PageBench
declare const answerBare: (offer: string) => Promise<string>

const folder = mkdtempSync(join(tmpdir(), 'porchlight-bench-transports-'))
const filmFile = join(folder, 'film.mp4')
writePaddedFilm(filmFile, paddingMiB)
const home = await startLoneHome({ bytesPerSecond: -1, filmFile })
const peers = fork(join(import.meta.dirname, 'peers-process.ts'), [filmFile])
const browser = await launchBrowser()
try {
  const [{ url: plain }] = (await once(peers, 'message')) as [{ url: string }]
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()
  await page.goto(`${home.origin}/health`)
  await page.addScriptTag({ content: await bundleScript(new URL('./page.ts', import.meta.url)) })
  await page.exposeFunction('answerBare', (offer: string) => answerOf(peers, offer))
  const client = await setUp(home.origin, home.setupUrl)
  const stream = await play(client, /first half minute/)
  await measure(page, client, stream, plain)
} finally {
  await browser.close()
  peers.kill()
  await home.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(page: Page, client: EdgeClient, stream: StreamReady, plain: string): Promise<void> {
  const urlOf = (transport: string) => stream.urls.find((url) => url.transport === transport)?.url ?? ''
  const [direct, relay] = [urlOf('direct'), urlOf('relay')]
  const path = new URL(urlOf('p2p')).pathname.replace(/^\/p2p\/[^/]+/, '')
  const read = (ask: Ask) => page.evaluate((ask) => bench.read(ask), ask)
  const open = () =>
    page.evaluate(([id, token]) => bench.openPeerMs(id ?? '', token ?? ''), [stream.streamId, client.accessToken])
  // Once through, so that the film is complete at home before anything is measured.
  await read({ url: direct })
  await open()

  const part = `bytes=0-${peerBytes - 1}`
  const ways: { name: string; subject: string; pid: number; once: () => Promise<Timed> }[] = [
    { name: 'direct', subject: 'porchlight', pid: home.agent.pid, once: () => read({ url: direct }) },
    { name: 'direct', subject: 'node-stream', pid: peers.pid ?? 0, once: () => read({ url: plain }) },
    { name: 'relay', subject: 'porchlight', pid: home.agent.pid, once: () => read({ url: relay }) },
    {
      ...{ name: 'p2p', subject: 'porchlight', pid: home.agent.pid },
      once: () => page.evaluate((ask) => bench.readPeer(ask), { url: path, range: part }),
    },
    { name: 'p2p', subject: 'bare-data-channel', pid: peers.pid ?? 0, once: () => readBare(page) },
  ]
  const rates = ways.map(() => [] as number[])
  const cpus = ways.map(() => [] as number[])
  for (let round = 0; round < rounds; round++) {
    for (const [index, way] of ways.entries()) {
      const cpu = cpuSeconds(way.pid)
      const { bytes, seconds } = await way.once()
      rates[index]?.push(bytes / 1e6 / seconds)
      cpus[index]?.push(((cpuSeconds(way.pid) - cpu) * 1e8) / bytes)
    }
  }
  for (const [index, { name, subject }] of ways.entries()) {
    const common = { bench: 'transports', case: name, subject, n: rounds }
    report({ ...common, metric: 'mb_per_s', value: percentile(rates[index] ?? [], 0.5) })
    report({ ...common, metric: 'cpu_s', value: percentile(cpus[index] ?? [], 0.5) })
  }

  const waits: Record<string, number[]> = { direct: [], p2p: [], relay: [] }
  for (let at = 0; at < firstBytes; at++) {
    const start = Math.floor((stream.sizeBytes * at) / firstBytes)
    const range = `bytes=${start}-${start + 65_535}`
    waits.direct?.push(await page.evaluate((ask) => bench.firstByteMs(ask), { url: direct, range }))
    waits.p2p?.push(await page.evaluate((ask) => bench.peerFirstByteMs(ask), { url: path, range }))
    waits.relay?.push(await page.evaluate((ask) => bench.firstByteMs(ask), { url: relay, range }))
  }
  for (const [name, each] of Object.entries(waits)) {
    const common = { bench: 'transports', case: name, subject: 'porchlight', n: firstBytes }
    report({ ...common, metric: 'first_byte_p50_ms', value: percentile(each, 0.5) })
  }
  const opened: number[] = []
  for (let n = 0; n < opens; n++) opened.push(await open())
  const common = { bench: 'transports', case: 'p2p', subject: 'porchlight', n: opens }
  report({ ...common, metric: 'open_p95_ms', value: percentile(opened, 0.95) })
}

function readBare(page: Page): Promise<Timed> {
  return page.evaluate((bytes) => bench.readBare(bytes, answerBare), peerBytes)
}

async function answerOf(peers: ChildProcess, offer: string): Promise<string> {
  const answered = once(peers, 'message') as Promise<[{ answer: string }]>
  peers.send({ offer })
  const [{ answer }] = await answered
  return answer
}

/** User and system time of a process (proc(5), fields 14 and 15 of stat), at 100 ticks a second. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
