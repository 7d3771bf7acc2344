/** `npm test`: every test of every room, then the whole system in a real browser; closes with one line of counts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import * as z from 'zod'
import { buildWeb } from '../start/build-web.ts'
import { childEnvironment, installedProgram, repository } from '../start/child.ts'
import { provision } from './provision.ts'

/** Rooms first: they are quick and say most exactly what broke. Swarms, then the browser, alone on the machine. */
const runs = [
  ['protocol', 'worker', 'worker-upstreams', 'node-agent', 'web', 'start'],
  ['slow', 'worker-slow'],
  ['e2e'],
]

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
})
type Report = z.infer<typeof Report>

try {
  provision()
  await buildWeb()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'porchlight-tests-'))
const reports = runs.map((projects, at) => {
  const reportFile = join(folder, `${at}.json`)
  const ended = spawnSync(
    installedProgram('vitest'),
    [
      ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
      ...projects.flatMap((project) => ['--project', project]),
    ],
    { cwd: repository, env: childEnvironment(), stdio: 'inherit' },
  )
  return { ...readReport(reportFile), success: ended.status === 0 }
})
rmSync(folder, { recursive: true, force: true })

const sum = (key: 'numPassedTests' | 'numFailedTests') => reports.reduce((total, report) => total + report[key], 0)
const [passed, failed] = [sum('numPassedTests'), sum('numFailedTests')]
// A skipped test, or a file that could not even be loaded, is a failure that no test counted.
const uncounted = reports.filter(
  (report) => (!report.success && report.numFailedTests === 0) || report.numPendingTests > 0,
)
// Whoever reads a long log from its end finds what to look at.
for (const line of reports.flatMap(failures)) console.log(line)
console.log(`${passed} passed, ${failed + uncounted.length} failed`)
process.exit(failed + uncounted.length === 0 && passed > 0 ? 0 : 1)

/** Every test that did not pass, and every file that could not be run, with the beginning of what was said of it. */
function failures({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status !== 'passed')
    const whole =
      status === 'failed' && tests.length === 0 ? [`FAILED ${relative(repository, name)}: ${firstLines(message)}`] : []
    return [
      ...whole,
      ...tests.map(
        (test) =>
          `${test.status.toUpperCase()} ${relative(repository, name)} > ${test.fullName}\n  ${firstLines(test.failureMessages?.[0] ?? '')}`,
      ),
    ]
  })
}

function firstLines(text: string): string {
  return text.split('\n').slice(0, 8).join('\n  ')
}

function readReport(file: string): Report {
  try {
    return Report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, success: false, testResults: [] }
  }
}
