/** What this benchmark's own workerd takes of the machine, D1 and whatever stands before the Worker included. */
import { readdirSync, readFileSync } from 'node:fs'

const CLOCK_TICKS_PER_SECOND = 100
const PAGE_KIB = 4

/** Processor time, user and system (proc(5), fields 14 and 15 of stat). */
export const workerdCpuMs = (): number =>
  (sumOf((fields) => Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS_PER_SECOND

/** Memory that is in RAM (field 24, in pages). */
export const workerdRssKib = (): number => sumOf((fields) => Number(fields[21])) * PAGE_KIB

/** Of every workerd that descends from this process: others may run beside it. `fields` are those behind the name. */
function sumOf(of: (fields: string[]) => number): number {
  const all = new Map<number, { isWorkerd: boolean; parent: number; fields: string[] }>()
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      all.set(Number(name), { isWorkerd: program.startsWith('workerd'), parent: Number(fields[1]), fields })
    } catch {
      // It ended between the listing and the reading.
    }
  }
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(all.get(pid)?.parent ?? 0))
  let sum = 0
  for (const [pid, { isWorkerd, fields }] of all) if (isWorkerd && isOurs(pid)) sum += of(fields)
  return sum
}
