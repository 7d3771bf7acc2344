/** Runs a command to its end, quietly; when it fails, its output is what the person sees. */
import { spawn } from 'node:child_process'
import { childEnvironment, repository } from './child.ts'
import { PlainError } from './plain-error.ts'

/** Output of a command that ended well; throws a plain error that opens with `failure` when it did not. */
export async function runToEnd(
  command: string,
  args: string[],
  options: { failure: string; env?: Record<string, string | undefined>; input?: string },
): Promise<string> {
  const child = spawn(command, args, { cwd: repository, env: childEnvironment(options.env), stdio: 'pipe' })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  // Whoever does not read to its end, or never began, says so by its code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  const code = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(-1)
    })
    child.once('close', (exitCode) => resolve(exitCode ?? -1))
  })
  if (code !== 0) {
    const shown = output.trimEnd().split('\n').slice(-30).join('\n    ')
    throw new PlainError(`${options.failure}\n    ${shown}`)
  }
  return output
}
