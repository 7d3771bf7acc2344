/** One running ffmpeg: how far ahead it goes, what others can see of it, and that it never outlives the agent. */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeFilm } from '../../../testing/make-film.ts'
import { argumentsOf, ffmpegsOf, isRunning } from '../../../testing/running-ffmpegs.ts'
import { temporaryDirectory } from '../../../testing/temporary-directory.ts'
import { filmOf, openTestMaking } from '../../../testing/test-making.ts'
import { until, untilSteady } from '../../../testing/until.ts'
import type { MadeRendition } from '../recipe.ts'

/** 180 s, thirty segments. */
const longFilm = () =>
  makeFilm('long.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=24:duration=180'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=180'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '24', '-c:a', 'ac3'],
  ])
/** Numbers of the segments that are on disk, of whatever was made. */
const madeIn = (directory: string) =>
  readdirSync(join(directory, 'made'), { recursive: true, encoding: 'utf8' })
    .flatMap((name) => /\.(\d+)\.m4s$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
const upTo = (last: number) => Array.from({ length: last + 1 }, (_, n) => n)
const context = { signal: new AbortController().signal, streamId: 'stream-1', correlationId: 'correlation-1' }

describe('a job', () => {
  it.each([
    ['pictures', 'video', 9],
    ['sound', 'audio', 8],
  ] as const)(
    'makes %s a little ahead of who watches, waits there, and goes on when they do',
    async (_what, kind, ahead) => {
      const directory = temporaryDirectory()
      const making = await openTestMaking(directory)
      onTestFinished(() => making.close())
      const film = await filmOf(await longFilm(), 'video/x-matroska')
      const trackId = film.inside.tracks[kind][0]?.id ?? -1
      const rendition: MadeRendition =
        kind === 'video' ? { kind, trackId, made: { heightPixels: 480 } } : { kind, trackId, made: { channels: 2 } }
      for (const watched of [0, 3, 3 + ahead]) {
        await making.makeRendition(film, rendition, watched, context)
        await untilSteady(() => madeIn(directory).length, 1500)
        expect(madeIn(directory)).toEqual(upTo(watched + ahead))
        expect(ffmpegsOf(process.pid).length).toBe(1)
      }
      await making.close()
    },
  )

  it('is not idle while somebody watches what it has made ahead', async () => {
    const directory = temporaryDirectory()
    const making = await openTestMaking(directory, { idleMilliseconds: 1500 })
    onTestFinished(() => making.close())
    const film = await filmOf(await longFilm(), 'video/x-matroska')
    const trackId = film.inside.tracks.video[0]?.id ?? -1
    const rendition: MadeRendition = { kind: 'video', trackId, made: { heightPixels: 480 } }
    await making.makeRendition(film, rendition, 0, context)
    await until(() => madeIn(directory).length === 10)
    const [pid = -1] = ffmpegsOf(process.pid)
    for (let asked = 0; asked < 12; asked++) {
      await making.makeRendition(film, rendition, 1, context)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    expect(ffmpegsOf(process.pid)).toEqual([pid])
    // And is, when nobody does.
    await until(() => ffmpegsOf(process.pid).length === 0)
  })

  it('shows nobody who lists processes where the film can be read', async () => {
    const making = await openTestMaking(temporaryDirectory())
    onTestFinished(() => making.close())
    const film = await filmOf(await longFilm(), 'video/x-matroska')
    const trackId = film.inside.tracks.video[0]?.id ?? -1
    await making.makeRendition(film, { kind: 'video', trackId, made: { heightPixels: 480 } }, 0, context)
    const [pid = -1] = ffmpegsOf(process.pid)
    expect(argumentsOf(pid)).toContain('concatf:pipe:0')
    expect(argumentsOf(pid).join(' ')).not.toMatch(/127\.0\.0\.1|https?:\/\//)
  })

  it.each([
    ['while it works', 'come', 0],
    ['while it waits for the viewer', 'come', 10],
    ['while it waits for the film', 'stay away', 0],
  ])('is gone with an agent that is killed %s', async (_when, bytes, segments) => {
    const directory = temporaryDirectory()
    const script = fileURLToPath(new URL('../../../testing/making-process.ts', import.meta.url))
    const agent = spawn(process.execPath, [script, directory, await longFilm(), bytes], { stdio: 'inherit' })
    onTestFinished(() => void agent.kill('SIGKILL'))
    const agentPid = agent.pid ?? -1
    await until(() => ffmpegsOf(agentPid).length === 1 && madeIn(directory).length >= segments)
    const [pid = -1] = ffmpegsOf(agentPid)
    expect(isRunning(pid)).toBe(true)
    agent.kill('SIGKILL')
    await until(() => !isRunning(pid), 'the end of ffmpeg')
  })
})
