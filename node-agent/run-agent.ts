/** The home agent as a process: configuration in, signals, the last word on an error. The only process.exit. */
import { AppError } from '#protocol/errors.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { startAgent } from './start-agent.ts'

/** Resolves when the agent has started; it ends by a signal, or with exit code 1 and a sentence that says why. */
export async function runAgent(): Promise<void> {
  /** Machines read stderr, one JSON object a line; people read stdout. */
  const log = createLog((line) => void process.stderr.write(`${line}\n`))
  const say = (text: string) => void process.stdout.write(`${text}\n`)

  /** A plain sentence when it is one of ours, and all that is known when it is a bug. */
  const fail = (error: unknown): never => {
    if (error instanceof AppError) process.stderr.write(`${error.message}\n`)
    if (!(error instanceof AppError) || error.code === 'internal') log.error('agent_failed', error)
    process.exit(1)
  }

  // Everything that verified is in the state within a second, so dying is safe; going on after the unknown is not.
  process.on('uncaughtException', fail)
  // A promise that nobody awaited, deep in the swarm: one film's trouble, not the household's.
  process.on('unhandledRejection', (error) => log.error('unhandled_rejection', error))

  try {
    const { config, secrets } = readConfig()
    const stop = await startAgent(config, secrets, { log, say })
    let isStopping = false
    const onSignal = async () => {
      if (isStopping) process.exit(1)
      isStopping = true
      log.info('agent_stopping')
      await stop()
      process.exit(0)
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  } catch (error) {
    fail(error)
  }
}
