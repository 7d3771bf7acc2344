/** Keeps what is known of the operator's folders fresh: at the start, when something changes, and now and then anyway. */
import { watch } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A film that is being copied changes all the time. */
const SETTLE_MILLISECONDS = 3000
/** Network disks tell nobody of their changes. */
const ANYWAY_MILLISECONDS = 15 * 60 * 1000

/** Runs until the signal aborts; one scan at a time. What `scan` throws is its own to tell of. */
export async function watchFolders(
  folders: readonly string[],
  scan: () => Promise<void>,
  signal: AbortSignal,
  times = { settleMilliseconds: SETTLE_MILLISECONDS, anywayMilliseconds: ANYWAY_MILLISECONDS },
): Promise<void> {
  let wake: () => void = () => {}
  for (const folder of folders) {
    try {
      const watcher = watch(folder, { recursive: true, persistent: false, signal }, () => wake())
      // A folder that goes away, or more folders than the system watches: the scan now and then is left.
      watcher.on('error', () => watcher.close())
    } catch {}
  }
  while (!signal.aborted) {
    const changed = new Promise<void>((resolve) => {
      wake = resolve
    })
    await scan()
    await Promise.race([changed, pause(times.anywayMilliseconds, signal)])
    await pause(times.settleMilliseconds, signal)
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {})
