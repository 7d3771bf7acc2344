/** Does work of a list in so many lanes; each piece's outcome can be waited for by itself. */

/** The promises are in the list's order, and the work begins in that order too. */
export function inLanes<Item, Outcome>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome>[] {
  const outcomes = items.map(() => Promise.withResolvers<Outcome>())
  // A failure is its own test's, whoever waits for it later.
  for (const { promise } of outcomes) promise.catch(() => {})
  let next = 0
  const lane = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const [item, outcome] = [items[at], outcomes[at]]
      if (item !== undefined) await work(item).then(outcome?.resolve, outcome?.reject)
    }
  }
  for (let started = 0; started < lanes; started++) void lane()
  return outcomes.map(({ promise }) => promise)
}
