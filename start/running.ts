/** Who runs from this state directory now: only one may, and what a killed one left behind is ended first. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { PlainError } from './plain-error.ts'
import { writePrivateFile } from './state-directory.ts'

const Running = z.object({ pid: z.int(), groups: z.array(z.int()) })

const fileIn = (root: string) => join(root, 'running.json')

/** Throws when a live `npm start` uses this directory; ends process groups whose `npm start` has died. */
export function takeStateDirectory(root: string): void {
  const file = fileIn(root)
  const before = Running.safeParse(existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined)
  if (before.success) {
    if (before.data.pid !== process.pid && isAlive(before.data.pid)) {
      throw new PlainError(
        `Porchlight is already running from this folder (process ${before.data.pid}). Stop it with Ctrl-C in its ` +
          'terminal, or start a second one with --state and --port.',
      )
    }
    for (const group of before.data.groups) endGroup(group)
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

/** Only a group whose leader is still one of ours: numbers are used again by other programs. */
function endGroup(group: number): void {
  try {
    const command = readFileSync(`/proc/${group}/cmdline`, 'utf8')
    if (/wrangler|node-agent\/main\.ts|start\/demo\//.test(command)) process.kill(-group, 'SIGKILL')
  } catch {
    // It is gone, or this system has no /proc: a taken port will say so in words.
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
