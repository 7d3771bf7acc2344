/** How many release names a second are read, on one core: rounds over the names of the parser's own table. */
import { parseRelease } from '../../node-agent/sources/release/parse-release.ts'
import { filmNames } from '../../node-agent/sources/release/testing/film-names.ts'
import { showNames } from '../../node-agent/sources/release/testing/show-names.ts'
import { percentile, report } from '../report.ts'

const ROUNDS = 9
const ROUND_MS = 1000

export function measureParser(): void {
  const names = `${filmNames}${showNames}`
    .split('\n')
    .flatMap((line) => line.split(' => ', 1))
    .filter(Boolean)
  const rates: number[] = []
  // The first round is for the compiler.
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now()
    let read = 0
    while (performance.now() - start < ROUND_MS) {
      for (const name of names) parseRelease(name, 2026)
      read += names.length
    }
    if (round > 0) rates.push((read * 1000) / (performance.now() - start))
  }
  report({
    bench: 'sources',
    case: 'parser',
    subject: 'porchlight',
    metric: 'names_per_s',
    value: percentile(rates, 0.5),
    n: rates.length,
  })
}
