/** Waits for a fact to become true, as a test's patience allows; the test's own time limit ends it otherwise. */

export async function until(
  isTrue: () => boolean | Promise<boolean>,
  what = 'the condition',
  patienceMs = 15_000,
): Promise<void> {
  const giveUpAt = Date.now() + patienceMs
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) throw new Error(`${what} did not become true in ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Resolves when `value` has stayed the same for `quietMs`. */
export async function untilSteady(value: () => number, quietMs = 700): Promise<number> {
  let last = value()
  for (let since = Date.now(); Date.now() - since < quietMs; ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (value() === last) continue
    last = value()
    since = Date.now()
  }
  return last
}
