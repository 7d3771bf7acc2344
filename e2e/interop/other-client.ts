/** A BitTorrent client that is not ours, as the interop tests use it: it seeds what is in its folder, or downloads it. */
import { type ChildProcess, spawn } from 'node:child_process'

export type OtherClient = {
  name: string
  start(task: Task): Promise<Peer>
}

export type Task = {
  torrentFile: string
  /** Where its files are, or will be, under the torrent's own name. */
  folder: string
  /** For settings and state. */
  home: string
}

export type Peer = {
  /** Where it listens for peers. */
  port: number
  /** Whether it has every byte, by its own word. */
  isComplete(): Promise<boolean>
  stop(): Promise<void>
}

/** Runs a program; its output is kept for the error message of a test that fails. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += bytes))
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  child.once('error', (error) => (output += error.message))
  return {
    output: () => output,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.stdin?.end()
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(hard)
    },
  }
}

/** What `look` finds, asked again until it finds something. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patienceMs = 20_000,
): Promise<T> {
  const giveUpAt = Date.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > giveUpAt) throw new Error(`${what}: nothing after ${patienceMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
