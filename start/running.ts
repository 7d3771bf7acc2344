/** Who runs from this state directory now: only one may, and what a killed one left behind is ended first. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { jsonOrNothing } from './json-or-nothing.ts'
import { PlainError } from './plain-error.ts'
import { writePrivateFile } from './state-directory.ts'

const Running = z.object({ pid: z.int(), groups: z.array(z.int()) })

const fileIn = (root: string) => join(root, 'running.json')

/** Throws when a live `npm start` uses this directory; ends process groups whose `npm start` has died. */
export async function takeStateDirectory(root: string): Promise<void> {
  const file = fileIn(root)
  const before = Running.safeParse(existsSync(file) ? jsonOrNothing(readFileSync(file, 'utf8')) : undefined)
  if (before.success) {
    if (before.data.pid !== process.pid && isAlive(before.data.pid)) {
      throw new PlainError(
        `Porchlight is already running from this folder (process ${before.data.pid}). Stop it with Ctrl-C in its ` +
          'terminal, or start a second one with --state and --port.',
      )
    }
    for (const group of before.data.groups) await endGroup(group)
  }
  noteRunning(root, [])
}

/** Remembers the process groups that belong to this start. */
export function noteRunning(root: string, groups: number[]): void {
  writePrivateFile(fileIn(root), JSON.stringify({ pid: process.pid, groups }))
}

/** Nothing runs from this directory any more. */
export const releaseStateDirectory = (root: string): void => rmSync(fileIn(root), { force: true })

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start/main.ts')
  } catch {
    return false
  }
}

const ours = /wrangler|workerd|node-agent\/main\.ts|start\/demo\//

/**
 * Kills what is left of a group of ours, and waits until it is gone and its ports are free. Numbers are used again by
 * other programs, so only processes whose command is one of ours are touched; their leader may have died before them.
 */
async function endGroup(group: number): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const left = membersOf(group)
    if (left.length === 0) return
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended between being listed and being killed.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Live processes of ours in this group; none where the system has no /proc, and a taken port will say so in words. */
function membersOf(group: number): number[] {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // proc(5): after the command in brackets come state, parent and process group.
        const [state, , processGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
        return (
          Number(processGroup) === group && state !== 'Z' && ours.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        )
      } catch {
        return false
      }
    })
}
