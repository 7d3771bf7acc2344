import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readP2pPath } from '#protocol/p2p-signalling.ts'
import { StreamStatus } from '#protocol/stream-status.ts'
import { mediaFile } from '../start/demo/demo-torrents.ts'
import { type Device, launchBrowser, openContext } from './browser.ts'
import { startTestHome, type TestHome } from './home-for-tests.ts'
import { measureBare, measureStretch, type Playback, waitUntilPlaying } from './measure-playback.ts'
import { type Picture, picturesOf, secondShown } from './picture.ts'
import { currentSeconds, openFilm, pictureShown, seekByKey, setUpInPage } from './viewer.ts'

/** Together 1.0 MB/s for a film of 0.76 MB/s: it plays, and is never far ahead of the picture. */
const seederBytesPerSecond = 500_000
const filmSeconds = 30

/** Where a browser that cannot reach home is sent: nobody listens there. */
const unreachable = ['http://localhost:9']

const cases: { device: Device; transport: 'direct' | 'relay' }[] = [
  { device: 'phone', transport: 'direct' },
  { device: 'desktop', transport: 'relay' },
]

describe.each(cases)('on a $device, by the $transport path, while the film still arrives', ({ device, transport }) => {
  let home: TestHome
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let film: Picture[]
  let correlationId: string | undefined

  beforeAll(async () => {
    film = picturesOf(mediaFile('video.mp4'))
    home = await startTestHome({
      swarm: { bytesPerSecond: seederBytesPerSecond },
      ...(transport === 'relay' ? { agentAddresses: unreachable } : {}),
    })
    browser = await launchBrowser()
    context = await openContext(browser, device)
    page = await context.newPage()
    // Where a browser opens no data channels, what cannot be reached directly comes by the relay.
    if (transport === 'relay') await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'))
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/streams')) {
        correlationId = request.headers()['x-correlation-id']
      }
    })
  })

  afterAll(async () => {
    await browser?.close()
    await home?.stop()
  })

  it('a person sets up, opens a film and sees it start', async () => {
    await setUpInPage(page, home.setupUrl)
    await openFilm(page)
    await waitUntilPlaying(page)
    expect(await page.locator('[data-transport]').getAttribute('data-transport')).toBe(transport)
  })

  it('shows the right picture after a seek into a part that has not arrived', async () => {
    const target = 0.8 * filmSeconds
    const { buffered, sizeBytes } = await statusAtHome(page, home)
    const offset = sizeBytes * 0.8
    expect(buffered.some(([start, end]) => start <= offset && offset < end)).toBe(false)
    const mediaTime = await seekByKey(page, '8')
    expect(Math.abs(mediaTime - target)).toBeLessThan(1)
    expect(Math.abs(secondShown(await pictureShown(page), film) - Math.floor(mediaTime))).toBeLessThanOrEqual(1)
  })

  it('plays at real pace for ten seconds from its beginning, with sound, dropping under 2 % of frames', async () => {
    await seekByKey(page, '0')
    const played = await measureStretch(page, 10, (stretch) => isAtRealPace(stretch) && stretch.droppedShare < 0.02, 25)
    expect(played).toSatisfy(isAtRealPace)
    expect(played.audioBytes).toBeGreaterThan(10_000)
    expect(played.width).toBe(1920)
    if (played.droppedShare < 0.02) return
    await page.keyboard.press('k')
    const bare = await measureBare(context, mediaFile('video.mp4'), 10)
    await page.keyboard.press('k')
    expect(played.droppedShare).toBeLessThan(bare.droppedShare + 0.02)
  })

  it('goes on where it was after a reload, and offers it on the first page', async () => {
    await page.keyboard.press('k')
    const before = await currentSeconds(page)
    await expect.poll(() => savedSeconds(page, home.origin), { timeout: 15_000 }).toBeGreaterThan(before - 1)
    await page.reload()
    await waitUntilPlaying(page)
    expect(Math.abs((await currentSeconds(page)) - before)).toBeLessThan(3)
    await page.keyboard.press('k')
    await page.goto(home.origin)
    await page.getByRole('heading', { name: /continue watching/i }).waitFor()
  })

  it('can be followed from the browser to the torrent by one correlation id', () => {
    expect(correlationId).toMatch(/^[\w-]{8,36}$/)
    const logLines = (name: string) =>
      readFileSync(join(home.directory.logs, name), 'utf8')
        .split('\n')
        .filter((line) => line.includes(`${correlationId}`))
    expect(logLines('edge.log').length).toBeGreaterThan(0)
    expect(logLines('home.log').some((line) => /torrent/i.test(line))).toBe(true)
  })

  it('left no secret in any log', () => {
    for (const name of ['edge.log', 'home.log']) {
      const log = readFileSync(join(home.directory.logs, name), 'utf8')
      expect(log).not.toMatch(/\bv1\.[\w-]{40,}\.[\w-]{80,}/)
      expect(log).not.toContain('magnet:')
      expect(log).not.toContain('four quiet lamps')
      expect(log).not.toContain(new URL(home.setupUrl ?? 'none:#none').hash.slice(1))
    }
  })
})

const isAtRealPace = ({ pace, frames }: Playback) => pace >= 0.95 && pace <= 1.05 && frames > 200

/** What home says of the film that the page is playing. */
async function statusAtHome(page: Page, home: TestHome): Promise<StreamStatus> {
  const source = await page.evaluate(() => document.querySelector('video')?.currentSrc ?? '')
  const { pathname } = new URL(source)
  // What the page's own worker answers stands behind a prefix; home knows the path behind it.
  const path = readP2pPath(pathname)?.path ?? pathname
  const response = await fetch(`http://localhost:${home.agentPort}${path}/status`)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (reader && !/^data: .*\n\n/m.test(text)) {
    const { done, value } = await reader.read()
    if (done) break
    text += value
  }
  await reader?.cancel()
  const line = /^data: (.*)$/m.exec(text)?.[1]
  if (!line) throw new Error(`home gave no status: ${response.status} ${text}`)
  return StreamStatus.parse(JSON.parse(line))
}

/** The position that the edge would resume from, asked as the page itself would ask. */
async function savedSeconds(page: Page, origin: string): Promise<number> {
  const other = await page.context().newPage()
  try {
    const answered = other.waitForResponse((response) => response.url() === `${origin}/api/front-page`)
    await other.goto(origin)
    const page = (await (await answered).json()) as { continueWatching: { positionSeconds: number }[] }
    return page.continueWatching[0]?.positionSeconds ?? -1
  } finally {
    await other.close()
  }
}
