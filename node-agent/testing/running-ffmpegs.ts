/** Which ffmpegs run on this machine, for tests (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** Processes of ffmpeg that this one has started and that are not gone, zombies too. */
export const ffmpegsOf = (parentPid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = statOf(pid)
      return stat?.name === 'ffmpeg' && stat.parentPid === parentPid
    })

/** False for one that is over and only waits for its parent to notice. */
export function isRunning(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== undefined && stat.state !== 'Z'
}

/** What everybody on the machine may read of it. */
export const argumentsOf = (pid: number): string[] => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')

function statOf(pid: number): { name: string; state: string; parentPid: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    const [state = '', parentPid] = stat.slice(end + 2).split(' ')
    return { name: stat.slice(stat.indexOf('(') + 1, end), state, parentPid: Number(parentPid) }
  } catch {
    return undefined
  }
}
