/** Starts a process again when it ends by itself, more and more slowly, and says when it has given up. */
import type { Child } from './child.ts'

/** Failures that count, and how many of them in that time are too many. */
const windowMs = 60_000
const tooMany = 5

/** How long to wait before the next start, or undefined when starting again is no use. */
export function restartDelayMs(failuresAtMs: number[], nowMs: number): number | undefined {
  const recent = failuresAtMs.filter((at) => nowMs - at < windowMs).length
  return recent >= tooMany ? undefined : 500 * 2 ** Math.max(0, recent - 1)
}

/** Watches `child` and whatever `restart` puts in its place, until `isStopping` says that ending is what we want. */
export async function keepRunning(options: {
  child: Child
  restart: () => Promise<Child>
  isStopping: () => boolean
  say: (text: string) => void
}): Promise<void> {
  const { restart, isStopping, say } = options
  const failuresAtMs: number[] = []
  let child = options.child
  while (true) {
    const code = await child.ended
    if (isStopping()) return
    failuresAtMs.push(Date.now())
    const delayMs = restartDelayMs(failuresAtMs, Date.now())
    if (delayMs === undefined) {
      say(
        `${child.name} keeps ending (${code}). Its log, logs/${child.name}.log, says why. Start again when it is mended.`,
      )
      return
    }
    say(`${child.name} ended by itself (${code}); starting it again.`)
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (isStopping()) return
    child = await restart().catch(() => child)
  }
}
