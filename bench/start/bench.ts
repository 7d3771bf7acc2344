/**
 * From the press of Play to the first frame on the screen: each rung of the ladder at home, and two over a cold swarm:
 * home has the .torrent and nothing else, and no wire to anybody. `cold-*` meets seeders that somebody has leeched from
 * before; to those of `cold-*-first-leecher` nobody has ever spoken (`seeders.py` says what libtorrent does then).
 * In turn with them the subject `plain-file`: what this browser needs for the film as it is from a bare server.
 */
import { readFileSync, statSync } from 'node:fs'
import type { Browser, BrowserContext } from 'playwright-core'
import { bringHome } from '../../e2e/bring-home.ts'
import { launchBrowser, openContext } from '../../e2e/browser.ts'
import { type FilmHome, startFilmHome } from '../../e2e/film-home.ts'
import { offerFilms, shareFilms } from '../../e2e/share-films.ts'
import { signInInPage } from '../../e2e/viewer.ts'
import { percentile, report } from '../report.ts'
import { startSeeders } from '../swarm/seeders.ts'
import { ac3Film, hevcFilm, matroskaFilm, mp4Film } from './films.ts'
import { type PlainPage, servePlainPage } from './plain-page.ts'
import { pressPlay } from './press-play.ts'

const RUNS = 7
const COLD_RUNS = 7
const SEEDER_BYTES_PER_SECOND = 2_500_000

type Case = { name: string; film: () => Promise<string>; withoutMatroska?: boolean; plainType?: string }

const cases: readonly Case[] = [
  { name: 'direct', film: mp4Film, plainType: 'video/mp4' },
  // Chromium opens Matroska as it is; most browsers do not.
  { name: 'remux', film: matroskaFilm, withoutMatroska: true, plainType: 'video/x-matroska' },
  { name: 'audio', film: ac3Film },
  { name: 'transcode-720p', film: hevcFilm },
]

const only = process.argv[3]
const isWanted = ({ name }: { name: string }) => only === undefined || only === name
const browser = await launchBrowser()
try {
  await startAtHome(browser, cases.filter(isWanted))
  for (const one of cases.slice(0, 2)) {
    for (const hasSentBefore of [true, false]) {
      const name = `cold-${one.name}${hasSentBefore ? '' : '-first-leecher'}`
      if (isWanted({ name })) await startCold(browser, { ...one, name }, hasSentBefore)
    }
  }
} finally {
  await browser.close()
}

/** Complete files. */
async function startAtHome(browser: Browser, wanted: readonly Case[]): Promise<void> {
  if (wanted.length === 0) return
  const films = await Promise.all(wanted.map(async ({ name, film }) => ({ name, path: await film() })))
  const home = await startFilmHome(await shareFilms(films))
  const plainPages = await servePlainPages(wanted)
  try {
    for (const { name } of wanted) await bringHome(home, name)
    const context = await signedIn(browser, home, 'direct|remux|audio|transcode')
    // One case after another: what is made ahead of a viewer who left goes on for a while, and is no part of the next.
    for (const one of wanted) {
      const plainUrl = plainPages.get(one.name)?.url
      const [ours, plain]: [number[], number[]] = [[], []]
      // The first round warms the processes up: an agent has been running for days.
      for (let run = -1; run < RUNS; run++) {
        const ms = await startOnce(context, home.pageOf(one.name), one)
        const plainMs = plainUrl === undefined ? undefined : await startOnce(context, plainUrl)
        if (run < 0) continue
        ours.push(ms)
        if (plainMs !== undefined) plain.push(plainMs)
      }
      reportCase(one.name, 'porchlight', ours)
      if (plain.length > 0) reportCase(one.name, 'plain-file', plain)
    }
  } finally {
    for (const plain of plainPages.values()) plain.stop()
    await home.stop()
  }
}

async function servePlainPages(wanted: readonly Case[]): Promise<Map<string, PlainPage>> {
  const pages = new Map<string, PlainPage>()
  for (const { name, film, plainType } of wanted)
    if (plainType) pages.set(name, await servePlainPage(await film(), plainType))
  return pages
}

/** Each run is a torrent that home has never met, of which it knows the .torrent. */
async function startCold(browser: Browser, one: Case, hasSentBefore: boolean): Promise<void> {
  const film = await one.film()
  const sizeBytes = statSync(film).size
  const seeders = await startSeeders({
    film,
    sizeBytes,
    pieceBytes: 1024 * 1024,
    torrents: COLD_RUNS + 1,
    hasSentBefore,
    limits: new Array(4).fill(SEEDER_BYTES_PER_SECOND),
  })
  const torrents = seeders.torrentFiles.map((file, run) => ({
    name: `${one.name} ${run}`,
    torrentFile: readFileSync(file),
    sizeBytes,
    peers: seeders.addresses,
  }))
  const home = await startFilmHome(await offerFilms(torrents, seeders.close))
  try {
    const context = await signedIn(browser, home, 'cold')
    const times: number[] = []
    for (const { name } of torrents) times.push(await startOnce(context, home.pageOf(name), one))
    reportCase(one.name, 'porchlight', times.slice(1))
  } finally {
    await home.stop()
  }
}

/** A person who is signed in, and has used the app before: its parts are in the browser's cache. */
async function signedIn(browser: Browser, home: FilmHome, film: string): Promise<BrowserContext> {
  const context = await openContext(browser, 'desktop')
  const page = await context.newPage()
  await signInInPage(page, home.origin, new RegExp(film))
  await page.close()
  return context
}

async function startOnce(context: BrowserContext, url: string, how: Partial<Case> = {}): Promise<number> {
  const { page, firstFrameMs } = await pressPlay(context, url, how)
  await page.close()
  return firstFrameMs
}

function reportCase(name: string, subject: string, times: number[]): void {
  const common = { bench: 'start', case: name, subject, n: times.length }
  report({ ...common, metric: 'first_frame_p50_ms', value: percentile(times, 0.5) })
  report({ ...common, metric: 'first_frame_max_ms', value: Math.max(...times) })
}
