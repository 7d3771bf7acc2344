/** One piece of work for all who ask for the same thing at the same time in this isolate. */

export type SingleFlight = <Value>(key: string, work: () => Promise<Value>) => Promise<Value>

/**
 * `work` must give plain data: a stream belongs to the request that opened it. Whoever joins waits for the first one's
 * work, which the first one should also hand to `edge.later`, so that it ends when that person leaves.
 */
export function singleFlight(): SingleFlight {
  const flights = new Map<string, Promise<unknown>>()
  return <Value>(key: string, work: () => Promise<Value>): Promise<Value> => {
    const known = flights.get(key)
    if (known) return known as Promise<Value>
    const flight = work().finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
}
