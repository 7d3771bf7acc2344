/**
 * A thousand agents on one edge process. They come all at once, for the first time; they do nothing, and what their
 * heartbeats cost is counted; then all their lines break at once, as when an edge is deployed anew, and they are back by
 * their own patience.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { lineThatCanBeCut } from '../../e2e/player/line-that-can-be-cut.ts'
import type { HubLink } from '../../node-agent/link/hub-link.ts'
import { until } from '../../node-agent/testing/until.ts'
import { freePort } from '../../start/ports.ts'
import { startLoneEdge } from '../lone-edge.ts'
import { report } from '../report.ts'
import { workerdCpuMs, workerdRssKib } from '../workerd-cpu.ts'
import { pairAgents } from './many-agents.ts'

const AGENTS = Number(process.argv[3] ?? 1000)
/** 25 s in a home; sooner here, so that the measurement is short. */
const PING_EVERY_SECONDS = 5
const IDLE_SECONDS = 15
const PATIENCE_MS = 90_000

const Cost = z.object({ queries: z.number(), rowsRead: z.number(), rowsWritten: z.number() })

const tell = (name: string, metric: string, value: number) =>
  report({ bench: 'idle-agents', case: name, subject: 'porchlight', metric, value, n: AGENTS })

const edge = await startLoneEdge('bench/idle-agents/counting-edge.ts')
const line = await lineThatCanBeCut(await freePort(), () => Number(new URL(edge.origin).port))
try {
  const links = await pairAgents(AGENTS, {
    origin: edge.origin,
    edgeUrl: `http://localhost:${line.port}`,
    pingEverySeconds: PING_EVERY_SECONDS,
  })
  const emptyKib = workerdRssKib()
  await storm('first', links, async () => {
    for (const link of links) link.start()
  })
  await idle(links)
  tell('idle', 'rss_kib_per_agent', (workerdRssKib() - emptyKib) / AGENTS)
  await line.cut()
  await until(() => links.every(({ state }) => state !== 'connected'), 'every line to be broken', PATIENCE_MS)
  await storm('again', links, line.mend)
  for (const link of links) link.close()
} finally {
  await line.close()
  await edge.stop()
}

/** From `begin` until every one of them is welcome. */
async function storm(name: string, links: readonly HubLink[], begin: () => Promise<void>): Promise<void> {
  const [before, cpuMs, beganMs] = [await costNow(), workerdCpuMs(), performance.now()]
  await begin()
  const connected = () => links.filter(({ state }) => state === 'connected').length
  await until(() => connected() === AGENTS, `${AGENTS} agents to be connected`, PATIENCE_MS).finally(() =>
    tell(name, 'connected', connected()),
  )
  tell(name, 'storm_s', (performance.now() - beganMs) / 1000)
  tell(name, 'edge_cpu_ms_per_connect', (workerdCpuMs() - cpuMs) / AGENTS)
  const { rowsRead, rowsWritten } = await costNow()
  tell(name, 'd1_rows_read_per_connect', (rowsRead - before.rowsRead) / AGENTS)
  tell(name, 'd1_rows_written_per_connect', (rowsWritten - before.rowsWritten) / AGENTS)
}

/** What heartbeats cost once the storm has settled. */
async function idle(links: readonly HubLink[]): Promise<void> {
  await sleep(PING_EVERY_SECONDS * 1000)
  const [before, cpuMs] = [await costNow(), workerdCpuMs()]
  await sleep(IDLE_SECONDS * 1000)
  const heartbeats = (AGENTS * IDLE_SECONDS) / PING_EVERY_SECONDS
  const after = await costNow()
  tell('idle', 'd1_writes_per_heartbeat', (after.rowsWritten - before.rowsWritten) / heartbeats)
  tell('idle', 'd1_queries_per_heartbeat', (after.queries - before.queries) / heartbeats)
  tell('idle', 'edge_cpu_ms_per_heartbeat', (workerdCpuMs() - cpuMs) / heartbeats)
  tell('idle', 'connected', links.filter(({ state }) => state === 'connected').length)
}

async function costNow(): Promise<z.infer<typeof Cost>> {
  return Cost.parse(await (await fetch(`${edge.origin}/api/bare/cost`)).json())
}
