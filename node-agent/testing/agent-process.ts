/** The agent as a process of its own, as an operator runs it. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type AgentProcess = {
  /** Lines of the log, parsed; what is not JSON is in `errors`. */
  lines: Record<string, unknown>[]
  errors: string[]
  /** What a person saw. */
  said(): string
  /** Exit code or signal, once it has ended. */
  ended: Promise<number | NodeJS.Signals | null>
  kill(signal: NodeJS.Signals): Promise<void>
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

export function startAgentProcess(environment: Record<string, string>): AgentProcess {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', PORCHLIGHT_DISCOVERY: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Record<string, unknown>[] = []
  const errors: string[] = []
  let said = ''
  let rest = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  child.stderr.on('data', (text) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      if (part.startsWith('{')) lines.push(JSON.parse(part))
      else errors.push(part)
    }
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return {
    lines,
    errors,
    said: () => said,
    ended,
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
}
