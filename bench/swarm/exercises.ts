/** What a subject is put through, in its own process, so that only its own event loop stands between it and the clock. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place, Subject } from './subject.ts'

const KiB64 = 64 * 1024
const MiB = 1024 * 1024

export type SeekTimes = { first64kMs: number; firstMibMs: number }

/** Reads one MiB from a place, then leaves as a player does that seeks on. */
export async function seek(subject: Subject, place: Place): Promise<SeekTimes> {
  const begunAt = performance.now()
  let bytes = 0
  let first64kMs = Number.NaN
  for await (const chunk of subject.read(place)) {
    bytes += chunk.length
    const elapsedMs = performance.now() - begunAt
    if (bytes >= KiB64 && Number.isNaN(first64kMs)) first64kMs = elapsedMs
    if (bytes >= MiB) return { first64kMs, firstMibMs: elapsedMs }
  }
  throw new Error('the file ended before a MiB was read')
}

/** Bytes that still arrive when a player has taken one MiB and then takes nothing for a while. */
export async function pause(subject: Subject, pauseMs: number): Promise<number> {
  let taken = 0
  for await (const chunk of subject.read({ torrent: 0, offset: 0 })) {
    taken += chunk.length
    if (taken < MiB) continue
    await sleep(pauseMs)
    break
  }
  return subject.received() - taken
}

/** Bytes that still arrive after a player that took all it could get has left. */
export async function abort(subject: Subject, { offset, readMs }: { offset: number; readMs: number }): Promise<number> {
  const until = performance.now() + readMs
  for await (const _ of subject.read({ torrent: 0, offset })) if (performance.now() > until) break
  const atAbort = subject.received()
  await sleep(3000)
  return subject.received() - atAbort
}

export type Watching = { places: Place[]; bytesPerSecond: number; seconds: number }
export type Watched = { lateReads: number; reads: number; peakRssBytes: number; loopP99Ms: number }

/** Viewers that each take a quarter of a second of film every quarter of a second; late is what came after its time. */
export async function watch(subject: Subject, { places, bytesPerSecond, seconds }: Watching): Promise<Watched> {
  const stepMs = 250
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let peakRssBytes = 0
  const memory = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, process.memoryUsage.rss())
  }, 100)
  const watched = await Promise.all(
    places.map(async (place) => {
      let taken = 0
      let reads = 0
      let late = 0
      let startedAt: number | undefined
      for await (const chunk of subject.read(place)) {
        taken += chunk.length
        // A player shows the first picture when it has a second of film.
        if (startedAt === undefined) {
          if (taken >= bytesPerSecond) startedAt = performance.now()
          continue
        }
        const dueAt = () => (startedAt ?? 0) + reads * stepMs
        while (taken >= bytesPerSecond + ((reads + 1) * stepMs * bytesPerSecond) / 1000) {
          reads++
          if (performance.now() > dueAt() + 1000) late++
        }
        if (reads * stepMs >= seconds * 1000) break
        await sleep(Math.max(0, dueAt() - performance.now()))
      }
      return { late, reads }
    }),
  )
  clearInterval(memory)
  delay.disable()
  return {
    lateReads: watched.reduce((sum, { late }) => sum + late, 0),
    reads: watched.reduce((sum, { reads }) => sum + reads, 0),
    peakRssBytes,
    // The monitor's own timer is one millisecond.
    loopP99Ms: delay.percentile(99) / 1e6 - 1,
  }
}
