/** A vitest reporter that keeps what a run came to as JSON: counts, whatever did not pass, and errors that no test owns. */
import { writeFileSync } from 'node:fs'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'
import type { RunOutcome } from './run-outcome.ts'

/** Where it is written. */
export const OUTCOME_FILE = 'PORCHLIGHT_TEST_OUTCOME'

type Errors = readonly { message: string; stack?: string | undefined }[]

export default class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const outcome: RunOutcome = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      notPassed: [
        ...tests
          .filter((test) => test.result().state !== 'passed')
          .map((test) => ({
            what: `${test.result().state} ${test.module.relativeModuleId} > ${test.fullName}`,
            why: told(test.result().errors ?? []),
          })),
        ...modules
          .filter((module) => module.errors().length > 0)
          .map((module) => ({ what: `could not run ${module.relativeModuleId}`, why: told(module.errors()) })),
        ...unhandledErrors.map((error) => ({ what: 'an error outside of every test', why: told([error]) })),
      ],
    }
    const file = process.env[OUTCOME_FILE]
    if (file) writeFileSync(file, JSON.stringify(outcome))
  }
}

/** The beginning of each: the whole stands further up in the log. */
const told = (errors: Errors): string =>
  errors.map(({ message, stack }) => (stack ?? message).split('\n').slice(0, 8).join('\n')).join('\n')
