/** `npm test`: every test of every room, then the whole system in a real browser; closes with one line of counts. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '../start/build-web.ts'
import { childEnvironment, installedProgram, repository } from '../start/child.ts'
import { OUTCOME_FILE } from './outcome-reporter.ts'
import { provision } from './provision.ts'
import { RunOutcome } from './run-outcome.ts'

/** Rooms first: they are quick and say most exactly what broke. Swarms, then the browser, alone on the machine. */
const runs = [
  ['protocol', 'worker', 'worker-upstreams', 'node-agent', 'web', 'start'],
  ['slow', 'e2e-headless', 'worker-slow'],
  ['e2e'],
]

try {
  provision()
  await buildWeb()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

const folder = mkdtempSync(join(tmpdir(), 'porchlight-tests-'))
const outcomes = runs.map((projects, at): RunOutcome => {
  const file = join(folder, `${at}.json`)
  const ended = spawnSync(
    installedProgram('vitest'),
    [
      ...['run', '--reporter=default', '--reporter=./e2e/outcome-reporter.ts'],
      // Two cores are there; the slow ones wait more than they work, and what needs both cores runs one by one.
      `--maxWorkers=${projects.includes('slow') ? 3 : 2}`,
      ...projects.flatMap((project) => ['--project', project]),
    ],
    { cwd: repository, env: { ...childEnvironment(), [OUTCOME_FILE]: file }, stdio: 'inherit' },
  )
  const outcome = readOutcome(file)
  // Whatever else vitest found wrong is a failure, too.
  if (ended.status === 0 || outcome.notPassed.length > 0) return outcome
  return { ...outcome, notPassed: [{ what: `the run of ${projects.join(', ')}`, why: `ended with ${ended.status}` }] }
})
rmSync(folder, { recursive: true, force: true })

const passed = outcomes.reduce((total, outcome) => total + outcome.passed, 0)
const notPassed = outcomes.flatMap((outcome) => outcome.notPassed)
// Whoever reads a long log from its end finds what to look at.
for (const { what, why } of notPassed) console.log(`NOT PASSED: ${what}\n${why.replace(/^/gm, '    ')}`)
console.log(`${passed} passed, ${notPassed.length} failed`)
process.exit(notPassed.length === 0 && passed > 0 ? 0 : 1)

function readOutcome(file: string): RunOutcome {
  try {
    return RunOutcome.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {
      passed: 0,
      notPassed: [{ what: 'a whole run', why: 'It did not come to its end; its last words are above.' }],
    }
  }
}
