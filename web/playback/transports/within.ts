/** Waiting for no longer than somebody wants. */

/** Gives `run` only so much time: its signal aborts afterwards, or with `signal`. */
export async function within<Value>(
  milliseconds: number,
  signal: AbortSignal,
  run: (patience: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const tooLate = new AbortController()
  const timer = setTimeout(() => tooLate.abort(), milliseconds)
  try {
    return await run(AbortSignal.any([signal, tooLate.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves as `pending` does. Whoever leaves does not wait, and what they waited for goes on. */
export function during<Value>(pending: Promise<Value>, signal: AbortSignal | null | undefined): Promise<Value> {
  if (!signal) return pending
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    // Also when nobody waits any more: its failure is then heard by nobody else.
    pending.then(resolve, reject)
  })
}
