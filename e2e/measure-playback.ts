/** What a playing `<video>` really did over some seconds: pace, frames, audio bytes. */
import type { BrowserContext, Page } from 'playwright-core'

type Reading = { atMs: number; seconds: number; frames: number; dropped: number; audioBytes: number; width: number }

/** Frames that are counted by the compositor, audio bytes by the decoder: neither moves when nothing plays. */
const readInPage = `(() => {
  const video = document.querySelector('video')
  const quality = video.getVideoPlaybackQuality()
  return {
    atMs: performance.now(),
    seconds: video.currentTime,
    frames: quality.totalVideoFrames,
    dropped: quality.droppedVideoFrames,
    audioBytes: video.webkitAudioDecodedByteCount ?? 0,
    width: video.videoWidth,
  }
})()`

export type Playback = {
  /** Film seconds for each second of real time. */
  pace: number
  frames: number
  droppedShare: number
  audioBytes: number
  width: number
}

export async function measurePlayback(page: Page, seconds: number): Promise<Playback> {
  const before = await readNow(page)
  await page.waitForTimeout(seconds * 1000)
  return between(before, await readNow(page))
}

/**
 * The first stretch of so many seconds that is as it should be, or the last one before we gave up. A machine that many
 * share stands still now and then; a player that is at fault is so in every stretch.
 */
export async function measureStretch(
  page: Page,
  seconds: number,
  isRight: (playback: Playback) => boolean,
  giveUpAfterSeconds: number,
): Promise<Playback> {
  const readings = [await readNow(page)]
  for (;;) {
    await page.waitForTimeout(250)
    const now = await readNow(page)
    readings.push(now)
    const begin = readings.findLast((reading) => now.atMs - reading.atMs >= seconds * 1000)
    if (!begin) continue
    const playback = between(begin, now)
    if (isRight(playback) || now.atMs - (readings[0] ?? now).atMs >= giveUpAfterSeconds * 1000) return playback
  }
}

/** What a bare `<video>` with the same file on this machine does: where this drops frames, nobody can do better. */
export async function measureBare(context: BrowserContext, file: string, seconds: number): Promise<Playback> {
  const page = await context.newPage()
  await page.setContent('<input type="file"><video></video>')
  await page.setInputFiles('input', file)
  await page.evaluate(() => {
    const [film, video] = [document.querySelector('input')?.files?.[0], document.querySelector('video')]
    if (film && video) video.src = URL.createObjectURL(film)
    return video?.play()
  })
  const playback = await measurePlayback(page, seconds)
  await page.close()
  return playback
}

/** From now until it is enough, or for so long that it never will be. */
export async function measureUntil(page: Page, isEnough: (playback: Playback) => boolean): Promise<Playback> {
  const before = await readNow(page)
  for (let tries = 0; ; tries++) {
    await page.waitForTimeout(100)
    const playback = between(before, await readNow(page))
    if (isEnough(playback) || tries === 100) return playback
  }
}

const readNow = async (page: Page) => (await page.evaluate(readInPage)) as Reading

function between(before: Reading, after: Reading): Playback {
  const frames = after.frames - before.frames
  return {
    pace: (after.seconds - before.seconds) / ((after.atMs - before.atMs) / 1000),
    frames,
    droppedShare: frames === 0 ? 1 : (after.dropped - before.dropped) / frames,
    audioBytes: after.audioBytes - before.audioBytes,
    width: after.width,
  }
}

/** Resolves with the media time of the next frame that is really painted. */
export const nextPaintedFrame = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) =>
        document.querySelector('video')?.requestVideoFrameCallback((_, frame) => resolve(frame.mediaTime)),
      ),
  )

/** Waits until the film is being played and time passes. */
export async function waitUntilPlaying(page: Page, timeoutMs = 60_000): Promise<void> {
  await page.waitForFunction(
    () => {
      const video = document.querySelector('video')
      return video !== null && !video.paused && video.readyState >= 3 && video.currentTime > 0 && !video.seeking
    },
    undefined,
    { timeout: timeoutMs },
  )
}
