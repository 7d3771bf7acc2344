/** Counts who shares many torrents: each tracker is asked once for all that name it, few trackers at a time. */
import type { CountedSource } from '#protocol/source-work.ts'

export type Swarm = { seeders: number; leechers: number }
export type ToCount = { sourceId: string; infoHash: string; trackers: readonly string[] }

/** Asks one tracker of at most `mostHashes(tracker)` torrents. */
export type Scrape = {
  mostHashes: (tracker: string) => number
  ask: (tracker: string, infoHashes: readonly string[], signal: AbortSignal) => Promise<Map<string, Swarm>>
}

/** Of one torrent: magnets name dozens, most of them dead. */
const MOST_TRACKERS_EACH = 6
const AT_ONCE = 4
/** Of one tracker, that do not answer: the rest need not be tried. */
const MOST_FAILURES = 1

/** Every one is in the answer, without numbers where nobody answered. Rejects only with the signal's reason. */
export async function countSwarms(
  list: readonly ToCount[],
  scrape: Scrape,
  signal: AbortSignal,
): Promise<CountedSource[]> {
  const best = new Map<string, Swarm>()
  const questions = [...byTracker(list)]
  const askOne = async () => {
    for (let next = questions.shift(); next; next = questions.shift()) {
      const [tracker, infoHashes] = next
      let failures = 0
      for (const some of chunks(infoHashes, scrape.mostHashes(tracker))) {
        signal.throwIfAborted()
        if (failures >= MOST_FAILURES) break
        const swarms = await scrape.ask(tracker, some, signal).catch(() => undefined)
        if (!swarms) failures++
        for (const [infoHash, swarm] of swarms ?? []) best.set(infoHash, larger(best.get(infoHash), swarm))
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askOne))
  signal.throwIfAborted()
  return list.map(({ sourceId, infoHash }) => ({ sourceId, ...best.get(infoHash) }))
}

/** Each tracker counts only who came to it: the largest number is the least wrong. */
const larger = (one: Swarm | undefined, other: Swarm): Swarm => ({
  seeders: Math.max(one?.seeders ?? 0, other.seeders),
  leechers: Math.max(one?.leechers ?? 0, other.leechers),
})

function byTracker(list: readonly ToCount[]): Map<string, string[]> {
  const asked = new Map<string, Set<string>>()
  for (const { infoHash, trackers } of list) {
    for (const tracker of [...new Set(trackers)].slice(0, MOST_TRACKERS_EACH)) {
      asked.set(tracker, (asked.get(tracker) ?? new Set()).add(infoHash))
    }
  }
  return new Map([...asked].map(([tracker, infoHashes]) => [tracker, [...infoHashes]]))
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))
