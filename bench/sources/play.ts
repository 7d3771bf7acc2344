/** How soon the first answer to Play is merged, when each of three providers takes 300 ms. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EnabledProvider } from '../../node-agent/sources/enable-providers.ts'
import { healthy } from '../../node-agent/sources/health.ts'
import { createSearch } from '../../node-agent/sources/search.ts'
import { percentile, report } from '../report.ts'

const RUNS = 30
const PROVIDER_MS = 300
const FOUND = 50

export async function measurePlay(): Promise<void> {
  const providers = ['one', 'two', 'three'].map(
    (id): EnabledProvider => ({
      ...{
        id,
        label: id,
        priority: 10,
        health: () => healthy,
        isBenched: () => false,
        offers: undefined,
        run: undefined,
      },
      search: async (wish) => {
        await sleep(PROVIDER_MS)
        return Array.from({ length: FOUND }, (_, index) => ({
          source: { infoHash: index.toString(16).padStart(40, '0') },
          name: `${wish.name}.2008.1080p.BluRay.x264-GRP${index}`,
          seeders: index,
        }))
      },
    }),
  )
  const log = { info() {}, warn() {}, error() {} }
  const search = createSearch({ providers, log, post: async () => {} })
  const took: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const wish = { titleId: `t${run}`, kind: 'movie' as const, name: 'Film', otherNames: [], year: 2008 }
    const start = performance.now()
    await search.search({ kind: 'search', wish, waitSeconds: 3 }, { signal: new AbortController().signal })
    took.push(performance.now() - start)
  }
  search.close()
  const value = percentile(took, 0.5)
  report({ bench: 'sources', case: 'play', subject: 'porchlight', metric: 'p50_ms', value, n: RUNS })
}
