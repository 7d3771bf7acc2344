/**
 * A film plays in Chromium from one of two agents with ten seconds buffered, and that agent is gone: killed (`kill -9`:
 * its connections break), or stopped in its tracks (SIGSTOP: they stand and carry nothing, as when a line is cut). How
 * long until the next segment comes from the other, and how long the picture stands still.
 */
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

const RUNS = 5
const BUFFERED_SECONDS = 10
/** Played on after the switch: what was buffered before the cut is over by then. */
const WATCH_ON_SECONDS = 15
const name = 'Clock'

type Case = { name: string; cut: (agent: OneOfTwo) => Promise<void>; mend: (agent: OneOfTwo) => Promise<void> }

const cases: readonly Case[] = [
  { name: 'agent-killed', cut: (agent) => agent.child().kill(), mend: (agent) => agent.restart() },
  {
    name: 'line-cut',
    cut: async (agent) => void process.kill(agent.child().pid, 'SIGSTOP'),
    mend: async (agent) => void process.kill(agent.child().pid, 'SIGCONT'),
  },
]

/** Milliseconds in which a film that is to play did not move, since this was called. */
function countStill(): void {
  const video = document.querySelector('video')
  const seen = { stalledMs: 0 }
  Object.assign(window, { seen })
  let [place, movedMs] = [video?.currentTime ?? 0, performance.now()]
  setInterval(() => {
    const now = performance.now()
    // A decoder that is late by a few frames has not stalled.
    if (video && video.currentTime !== place) {
      if (now - movedMs > 250) seen.stalledMs += now - movedMs
      place = video.currentTime
      movedMs = now
    }
  }, 20)
}

const stalledMs = (page: Page) => page.evaluate(() => (Reflect.get(window, 'seen') as { stalledMs: number }).stalledMs)

async function measure(browser: Browser, { home, agents }: HomeOfTwo, one: Case): Promise<[number, number]> {
  const { page, askedPort } = await watchInSegments(browser, home, name)
  await untilBuffered(page, BUFFERED_SECONDS)
  await page.evaluate(countStill)
  const [first, second] = agents
  const [plays, other] = askedPort() === second.port ? [second, first] : [first, second]
  const cutMs = performance.now()
  await one.cut(plays)
  try {
    await until(() => askedPort() === other.port, 'a segment from the other agent', 60_000)
    const switchMs = performance.now() - cutMs
    await page.waitForTimeout(WATCH_ON_SECONDS * 1000)
    return [switchMs, await stalledMs(page)]
  } finally {
    await page.context().close()
    await one.mend(plays)
  }
}

const browser = await launchBrowser()
const two = await startHomeOfTwo(name, await filmWithClock())
try {
  for (const one of cases.filter((each) => process.argv[3] === undefined || each.name === process.argv[3])) {
    const all: [number, number][] = []
    while (all.length < RUNS) all.push(await measure(browser, two, one))
    const common = { bench: 'failover', case: one.name, subject: 'porchlight', n: RUNS }
    const switches = all.map(([switchMs]) => switchMs)
    report({ ...common, metric: 'switch_ms', value: percentile(switches, 0.5) })
    report({ ...common, metric: 'switch_most_ms', value: Math.max(...switches) })
    report({ ...common, metric: 'stalled_ms', value: Math.max(...all.map(([, stalled]) => stalled)) })
  }
} finally {
  await browser.close()
  await two.stop()
}
