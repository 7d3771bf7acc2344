/** A closed-loop load: some callers that each send the next request when the last one was answered. */
import { percentile } from './report.ts'

export type LoadResult = { requestsPerSecond: number; p50Ms: number; p99Ms: number; n: number }

/** Runs `call` from `callers` loops for `seconds`; a call that throws ends the measurement, for it measures nothing. */
export async function load(options: {
  callers: number
  seconds: number
  call: (caller: number) => Promise<void>
}): Promise<LoadResult> {
  const latenciesMs: number[] = []
  const began = performance.now()
  const endAt = began + options.seconds * 1000
  const loop = async (caller: number) => {
    while (performance.now() < endAt) {
      const sentAt = performance.now()
      await options.call(caller)
      latenciesMs.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: options.callers }, (_, caller) => loop(caller)))
  const seconds = (performance.now() - began) / 1000
  return {
    requestsPerSecond: latenciesMs.length / seconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    n: latenciesMs.length,
  }
}
