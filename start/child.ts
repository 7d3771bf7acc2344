/** A process of ours: its output kept in a log, its whole group stopped politely and then for certain. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, createWriteStream, openSync, readFileSync, type WriteStream } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { PlainError } from './plain-error.ts'

/** The repository: children run there whatever folder `npm start` was called from. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)))

export type Child = {
  name: string
  pid: number
  logFile: string
  /** Settles with the exit code (or signal name) when the process has ended, for whatever reason. */
  ended: Promise<number | string>
  isRunning(): boolean
  /** Asks it to end, and kills the whole group after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>
  /** As a power cut would: no warning. For tests of what survives. */
  kill(): Promise<void>
}

/** Our environment, with the Node that runs us first: installed programs ask the path for `node`. */
export function childEnvironment(more: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`, ...more }
}

/** Starts a process in a group of its own, so that Ctrl-C reaches only us and we stop things in order. */
export function startChild(options: {
  name: string
  command: string
  args: string[]
  env?: Record<string, string | undefined>
  logFile: string
  /** What to keep of each line, for a program whose own log says too much. */
  editLine?: (line: string) => string
}): Child {
  const log = openSync(options.logFile, 'a', 0o600)
  const { editLine } = options
  const child = spawn(options.command, options.args, {
    cwd: repository,
    env: childEnvironment(options.env),
    detached: true,
    stdio: editLine ? ['ignore', 'pipe', 'pipe'] : ['ignore', log, log],
  })
  if (editLine) keepLines([child.stdout, child.stderr], editLine, createWriteStream('', { fd: log }))
  else closeSync(log)
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'ended'))
  })
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null
  return {
    name: options.name,
    pid: child.pid ?? 0,
    logFile: options.logFile,
    ended,
    isRunning,
    async stop(patienceMs = 4000) {
      if (isRunning()) signalGroup(child, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs)
      await ended
      clearTimeout(timer)
      // Grandchildren (workerd under wrangler) may outlive the process that started them.
      signalGroup(child, 'SIGKILL')
    },
    async kill() {
      signalGroup(child, 'SIGKILL')
      await ended
    },
  }
}

function keepLines(outputs: (Readable | null)[], editLine: (line: string) => string, log: WriteStream): void {
  let open = outputs.length
  for (const output of outputs) {
    if (!output) continue
    const lines = createInterface({ input: output })
    lines.on('line', (line) => log.write(`${editLine(line)}\n`))
    lines.on('close', () => --open === 0 && log.end())
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is gone already: that is what was asked for.
  }
}

/** A program that npm installed for us, e.g. `wrangler`. */
export const installedProgram = (name: string): string => join(repository, 'node_modules', '.bin', name)

/**
 * Waits until `ready` says so. A process that ends before that, or takes too long and is stopped for it, is a plain error
 * with the end of its log.
 */
export async function waitUntilReady(
  child: Child,
  ready: () => Promise<boolean>,
  options: { timeoutMs: number; what: string },
): Promise<void> {
  let over: number | string | undefined
  void child.ended.then((code) => {
    over = code
  })
  const giveUpAt = Date.now() + options.timeoutMs
  while (Date.now() < giveUpAt) {
    if (over !== undefined) throw failure(child, `${options.what} stopped before it was ready (${over}).`)
    if (await ready().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  // Nobody has it yet who could.
  await child.stop()
  throw failure(child, `${options.what} did not get ready within ${Math.round(options.timeoutMs / 1000)} seconds.`)
}

function failure(child: Child, sentence: string): PlainError {
  return new PlainError(`${sentence}\n${logTail(child.logFile)}The whole log is in logs/${basename(child.logFile)}.`)
}

/** The last lines of a log, indented; empty when there are none. */
export function logTail(file: string, lines = 15): string {
  try {
    const all = readFileSync(file, 'utf8').trimEnd().split('\n')
    return `${all
      .slice(-lines)
      .map((line) => `    ${line}`)
      .join('\n')}\n`
  } catch {
    return ''
  }
}
