/** A directory for one test, removed when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** `whenOver` is told how to remove it: by default at the end of the test that runs; in a hook, pass your own. */
export function temporaryDirectory(whenOver: (remove: () => void) => void = onTestFinished): string {
  const directory = mkdtempSync(join(tmpdir(), 'porchlight-agent-'))
  whenOver(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  return directory
}
