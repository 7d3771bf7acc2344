/**
 * A film plays in Chromium from one of two agents, over a line that carries three times what it takes, and when ten
 * seconds are buffered that agent is gone: killed (`kill -9`: its connections break), or its line is cut (a rule of the
 * firewall: nothing is refused, nothing arrives). How long until the next segment begins to come from the other agent,
 * and how long the picture stands still. The player wants bytes all the time: its buffer is not full. Then the same with
 * one agent, whose address changes, or the screen's (change-address.ts).
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../e2e/browser.ts'
import {
  type HomeOfTwo,
  type OneOfTwo,
  startHomeOfTwo,
  untilBuffered,
  watchInSegments,
} from '../../e2e/home-of-two-agents.ts'
import { filmWithClock } from '../../e2e/player/film-with-clock.ts'
import { until } from '../../node-agent/testing/until.ts'
import { percentile, report } from '../report.ts'
import { type Moving, type Run, startAddressChanges } from './change-address.ts'
import { canCutLines, cutLinesOf, mendLines } from './cut-line.ts'
import { stalledMs, watchPicture } from './watch-picture.ts'

const RUNS = 5
const BUFFERED_SECONDS = 10
/** Played on after the switch: what was buffered before the cut is over by then. */
const WATCH_ON_SECONDS = 12
/** Three times the film's own (film-with-clock.ts): it is still buffering when ten seconds are there. */
const LINE_BYTES_PER_SECOND = 2_400_000
const name = 'Clock'
const viewing = {
  bufferedSeconds: BUFFERED_SECONDS,
  bytesPerSecond: LINE_BYTES_PER_SECOND,
  watchOnSeconds: WATCH_ON_SECONDS,
}
const addressCases: readonly { name: string; moving: Moving }[] = [
  { name: 'address-change', moving: 'home' },
  { name: 'address-change-screen', moving: 'screen' },
  { name: 'address-change-router', moving: 'home-router' },
]

type Case = { name: string; cut: (agent: OneOfTwo) => Promise<void>; mend: (agent: OneOfTwo) => Promise<void> }
const hasFirewall = canCutLines()
if (!hasFirewall) console.error('No firewall here: the agent of line-cut is stopped in its tracks (SIGSTOP) instead.')

const cases: readonly Case[] = [
  { name: 'agent-killed', cut: (agent) => agent.child().kill(), mend: (agent) => agent.restart() },
  {
    name: 'line-cut',
    cut: async (agent) => {
      const { pid } = agent.child()
      if (hasFirewall) cutLinesOf(pid)
      else process.kill(pid, 'SIGSTOP')
    },
    // Started anew: connections that are found again take their time, and the next run begins at once.
    mend: async (agent) => {
      if (hasFirewall) mendLines()
      await agent.child().kill()
      await agent.restart()
    },
  },
]

/** Slow enough that the player still asks, from before the film begins. */
async function limitLine(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const line = { offline: false, latency: 0, uploadThroughput: -1, downloadThroughput: LINE_BYTES_PER_SECOND }
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', line)
}

async function measure(browser: Browser, { home, agents }: HomeOfTwo, one: Case): Promise<Run> {
  const { page, askedPort } = await watchInSegments(browser, home, name, limitLine)
  await untilBuffered(page, BUFFERED_SECONDS)
  await watchPicture(page)
  const [first, second] = agents
  const [plays, other] = askedPort() === second.port ? [second, first] : [first, second]
  const cutMs = performance.now()
  await one.cut(plays)
  try {
    await until(() => askedPort() === other.port, 'a segment from the other agent', 60_000)
    const switchMs = performance.now() - cutMs
    await sleep(WATCH_ON_SECONDS * 1000)
    return { switchMs, stalledMs: await stalledMs(page) }
  } finally {
    await page.context().close()
    await one.mend(plays)
  }
}

function tell(name: string, all: readonly Run[]): void {
  const switches = all.map(({ switchMs }) => switchMs)
  const figures = {
    switch_ms: percentile(switches, 0.5),
    switch_most_ms: Math.max(...switches),
    stalled_ms: Math.max(...all.map((run) => run.stalledMs)),
  }
  for (const [metric, value] of Object.entries(figures)) {
    report({ bench: 'failover', case: name, subject: 'porchlight', n: all.length, metric, value })
  }
}

const isWanted = (name: string) => process.argv[3] === undefined || process.argv[3] === name

async function betweenTwoAgents(): Promise<void> {
  const wanted = cases.filter((each) => isWanted(each.name))
  if (wanted.length === 0) return
  const browser = await launchBrowser()
  const two = await startHomeOfTwo(name, await filmWithClock())
  try {
    for (const one of wanted) {
      const all: Run[] = []
      while (all.length < RUNS) all.push(await measure(browser, two, one))
      tell(one.name, all)
    }
  } finally {
    await browser.close()
    await two.stop()
  }
}

async function withOtherAddresses(): Promise<void> {
  const wanted = addressCases.filter((each) => isWanted(each.name))
  if (wanted.length === 0) return
  const networks = await startAddressChanges(name)
  try {
    for (const { name, moving } of wanted) {
      const all: Run[] = []
      while (all.length < RUNS) all.push(await networks.measure({ moving, ...viewing }))
      tell(name, all)
    }
  } finally {
    await networks.stop()
  }
}

await betweenTwoAgents()
if (hasFirewall) await withOtherAddresses()
else console.error('No networks of our own here: the address changes are left out.')
