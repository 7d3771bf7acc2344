/** The one form in which a benchmark says anything: a JSON line a figure (see design: "Benchmarks"). */

export type Figure = {
  bench: string
  case: string
  /** Who was measured: `porchlight`, a peer, or the physical `limit`. */
  subject: string
  metric: string
  value: number
  /** How many measurements stand behind the value. */
  n: number
}

/** Prints one figure; three significant decimals are more than any of them is worth. */
export function report(figure: Figure): void {
  console.log(JSON.stringify({ ...figure, value: Math.round(figure.value * 1000) / 1000 }))
}

/** The value below which this share of the measurements lies (nearest rank); NaN when there are none. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
