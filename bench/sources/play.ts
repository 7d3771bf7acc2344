/** How soon the answers to Play are merged, when each of three providers asks its index over HTTP and has it after 300 ms. */
import { setTimeout as sleep } from 'node:timers/promises'
import { enableProviders } from '../../node-agent/sources/enable-providers.ts'
import { therarbg } from '../../node-agent/sources/providers/therarbg.ts'
import { torznab } from '../../node-agent/sources/providers/torznab.ts'
import { yts } from '../../node-agent/sources/providers/yts.ts'
import { createSearch } from '../../node-agent/sources/search.ts'
import type { LocalFilmState } from '../../node-agent/state/local-film-state.ts'
import { percentile, report } from '../report.ts'
import { startIndexes } from './three-indexes.ts'

const RUNS = 20
/** Nobody presses Play twice a second, and providers are asked at their own pace. */
const BETWEEN_MS = 800

export async function measurePlay(): Promise<void> {
  const { origins, stop } = await startIndexes()
  const log = { info() {}, warn() {}, error() {} }
  const settingsOf = (id: string) => ({
    address: `${origins.get(id)}${id === 'torznab' ? '/api' : ''}`,
    lawful_use: 'confirmed',
  })
  // As in life: through the guarded fetch, with its look at addresses, its pace and its bounds.
  const providers = enableProviders([torznab, yts, therarbg], settingsOf, {
    ...{ userAgent: 'bench', log, localFilms: {} as LocalFilmState },
  })
  const merged = new Set<string>()
  const search = createSearch({
    ...{ providers, log },
    post: async ({ found }) => {
      for (const { source } of found) merged.add(source.infoHash)
    },
  })
  try {
    const took: number[] = []
    // The first one also learns what the Torznab index can be asked, once a day.
    for (let run = 0; run <= RUNS; run++) {
      const titleId = `t${run}`
      const wish = { titleId, kind: 'movie' as const, name: 'Film', otherNames: [], year: 2008, imdbId: 'tt1234567' }
      merged.clear()
      const start = performance.now()
      const reply = await search.search(
        { kind: 'search', wish, waitSeconds: 3 },
        { signal: new AbortController().signal },
      )
      const milliseconds = performance.now() - start
      const isWhole = reply.providers.length === 3 && reply.providers.every(({ count }) => count === 50)
      if (!isWhole || merged.size !== 50) throw new Error(`not all was found: ${JSON.stringify(reply)}`)
      if (run > 0) took.push(milliseconds)
      await sleep(BETWEEN_MS)
    }
    const value = percentile(took, 0.5)
    report({ bench: 'sources', case: 'play', subject: 'porchlight', metric: 'p50_ms', value, n: RUNS })
  } finally {
    search.close()
    stop()
  }
}
