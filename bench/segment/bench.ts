/** Copied segments of a complete 1080p film, over HTTP: how long one takes, and what an hour costs, beside ffmpeg's own copy. */
import { execFileSync, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provision } from '../../e2e/provision.ts'
import { bigBuckBunnyFile } from '../../node-agent/testing/big-buck-bunny.ts'
import { percentile, report } from '../report.ts'
import type { Ready } from './segment-server.ts'

/** Of the thirty seconds of film that are at hand. */
const LOOPS = 5
const ROUNDS = 3

provision({ ffmpeg: 'ffmpeg' })
const folder = mkdtempSync(join(tmpdir(), 'porchlight-segment-'))
try {
  for (const container of ['mkv', 'mp4']) await measure(container)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function measure(container: string): Promise<void> {
  const film = join(folder, `film.${container}`)
  const input = ['-nostdin', '-v', 'error', '-y', '-stream_loop', String(LOOPS), '-i', bigBuckBunnyFile]
  execFileSync('ffmpeg', [...input, '-map', '0:v', '-map', '0:a', '-c', 'copy', film])
  const server = fork(join(import.meta.dirname, 'segment-server.ts'), [film, join(folder, `home-${container}`)], {
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  try {
    const [ready] = (await once(server, 'message')) as [Ready]
    const cpu = async () => {
      server.send('cpu')
      return ((await once(server, 'message')) as [number])[0]
    }
    const hours = ready.durationSeconds / 3600
    const waits: number[] = []
    const ours: number[] = []
    const theirs: number[] = []
    await play(ready, [])
    for (let round = 0; round < ROUNDS; round++) {
      const before = await cpu()
      await play(ready, waits)
      ours.push(((await cpu()) - before) / hours)
      theirs.push(copyByFfmpeg(film, join(folder, `${container}-${round}`)) / hours)
    }
    const figure = { bench: 'segment', case: `remux-${container}` }
    report({
      ...figure,
      subject: 'porchlight',
      metric: 'segment_p95_ms',
      value: percentile(waits, 0.95),
      n: waits.length,
    })
    for (const [subject, values] of [
      ['porchlight', ours],
      ['ffmpeg-copy', theirs],
    ] as const) {
      report({ ...figure, subject, metric: 'cpu_s_per_film_hour', value: percentile(values, 0.5), n: values.length })
    }
  } finally {
    server.kill()
  }
}

/** Asks for everything a player would, in its order. */
async function play({ url, segments, trackIds }: Ready, waits: number[]): Promise<void> {
  for (let index = 0; index < segments; index++) {
    for (const name of [`v${trackIds.v}`, `a${trackIds.a}`]) {
      const startedAt = performance.now()
      const response = await fetch(`${url}/${name}/${index}.m4s`)
      const { byteLength } = await response.arrayBuffer()
      if (name.startsWith('v')) waits.push(performance.now() - startedAt)
      if (!response.ok || byteLength < 1000) throw new Error(`segment ${index}: ${response.status}`)
    }
  }
}

/** The whole film cut into the same kind of segments by ffmpeg, in one run; seconds of processor time. */
function copyByFfmpeg(film: string, into: string): number {
  mkdirSync(into)
  const hls = ['-f', 'hls', '-hls_time', '6', '-hls_segment_type', 'fmp4', '-hls_playlist_type', 'vod']
  const args = ['-nostdin', '-v', 'error', '-i', film, '-c', 'copy', ...hls, join(into, 'index.m3u8')]
  // bash's own `time` tells the processor time of what it ran.
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time ffmpeg "$@"', 'bash', ...args]
  const { status, stderr } = spawnSync('bash', timed, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  rmSync(into, { recursive: true, force: true })
  const seconds = stderr.trim().split(/\s+/).map(Number)
  if (status !== 0 || seconds.length !== 2) throw new Error(`ffmpeg: ${stderr}`)
  return seconds.reduce((sum, value) => sum + value, 0)
}
