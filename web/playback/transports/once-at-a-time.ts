/** Something that runs once for all who ask for it meanwhile. */

/** The first who asks says with what; the others get what comes of that. */
export function onceAtATime<Args extends unknown[], Value>(run: (...args: Args) => Promise<Value>) {
  let underWay: Promise<Value> | undefined
  const call = (...args: Args): Promise<Value> => {
    underWay ??= run(...args).finally(() => {
      underWay = undefined
    })
    return underWay
  }
  return Object.assign(call, { isUnderWay: () => underWay !== undefined })
}
