/** What the relay costs beside the direct path: the same complete file from the same agent, in turns. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { play, setUp, urlBy } from '../../e2e/edge-client.ts'
import { startLoneHome } from '../lone-home.ts'
import { percentile, report } from '../report.ts'
import { writePaddedFilm } from './padded-film.ts'

const paddingMiB = 232
const rounds = 5
const firstBytes = 40
const transports = ['direct', 'relay'] as const

const folder = mkdtempSync(join(tmpdir(), 'porchlight-bench-relay-'))
const filmFile = join(folder, 'film.mp4')
writePaddedFilm(filmFile, paddingMiB)
const home = await startLoneHome({ bytesPerSecond: -1, filmFile })
try {
  const stream = await play(await setUp(home.origin, home.setupUrl), /first half minute/)
  // Once through, so that the file is complete at home before anything is measured.
  await read(urlBy(stream, 'direct'))

  const rates = { direct: [] as number[], relay: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    for (const transport of transports) {
      const { bytes, seconds } = await read(urlBy(stream, transport))
      rates[transport].push(bytes / 1e6 / seconds)
    }
  }
  const waits = { direct: [] as number[], relay: [] as number[] }
  for (let at = 0; at < firstBytes; at++) {
    const start = Math.floor((stream.sizeBytes * at) / firstBytes)
    for (const transport of transports) waits[transport].push(await firstByteMs(urlBy(stream, transport), start))
  }
  for (const transport of transports) {
    const common = { bench: 'relay', case: transport, subject: 'porchlight' }
    report({ ...common, metric: 'mb_per_s', value: percentile(rates[transport], 0.5), n: rounds })
    report({ ...common, metric: 'first_byte_p50_ms', value: percentile(waits[transport], 0.5), n: firstBytes })
  }
} finally {
  await home.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function read(url: string): Promise<{ bytes: number; seconds: number }> {
  const began = performance.now()
  const response = await fetch(url)
  if (!response.ok || !response.body) throw new Error(`${response.status} instead of a film`)
  let bytes = 0
  for await (const chunk of response.body) bytes += chunk.byteLength
  const announced = Number(response.headers.get('content-length'))
  if (bytes !== announced) throw new Error(`${bytes} bytes came instead of ${announced}`)
  return { bytes, seconds: (performance.now() - began) / 1000 }
}

async function firstByteMs(url: string, start: number): Promise<number> {
  const began = performance.now()
  const response = await fetch(url, { headers: { range: `bytes=${start}-${start + 65_535}` } })
  if (response.status !== 206 || !response.body) throw new Error(`${response.status} instead of a range`)
  const reader = response.body.getReader()
  await reader.read()
  const waitedMs = performance.now() - began
  while (!(await reader.read()).done);
  return waitedMs
}
