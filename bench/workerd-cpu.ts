/** The processor time that workerd takes, D1 and whatever stands before the Worker included. */
import { readdirSync, readFileSync } from 'node:fs'

const CLOCK_TICKS_PER_SECOND = 100

/** Of every workerd process on this machine: user and system time (proc(5), fields 14 and 15 of stat). */
export function workerdCpuMs(): number {
  let ticks = 0
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (name.startsWith('workerd')) ticks += Number(fields[11]) + Number(fields[12])
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return (ticks * 1000) / CLOCK_TICKS_PER_SECOND
}
