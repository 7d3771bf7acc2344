/** Hears when this device changes its network: another kind of line, or one after there was none. */

type WithConnection = Navigator & { connection?: EventTarget }

/** Until `signal` aborts. Browsers that tell nothing of their line tell at least when there is one again. */
export function followNetwork(onChange: () => void, signal: AbortSignal): void {
  addEventListener('online', onChange, { signal })
  const { connection } = navigator as WithConnection
  connection?.addEventListener?.('change', onChange, { signal })
}
