/** Builds the web app when something it is made of has changed since the last build. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { glob, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { installedProgram, repository } from './child.ts'
import { runToEnd } from './run-to-end.ts'

const stampFile = join(repository, 'dist', 'built-from')

/** True when it built, false when the last build is still good. */
export async function buildWeb(): Promise<boolean> {
  const stamp = await inputsStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  await runToEnd(installedProgram('vite'), ['build', 'web', '--logLevel', 'warn'], {
    // A test's own environment would make a development build.
    env: { NODE_ENV: 'production' },
    failure:
      'The web app could not be built. If you changed something, `npm run check` says where; if not, run `npm ci` and try again.',
  })
  writeFileSync(stampFile, stamp)
  return true
}

/** Names, sizes and times of everything the build reads: quick, and changes whenever one of them does. */
async function inputsStamp(): Promise<string> {
  const hash = createHash('sha256')
  const files: string[] = []
  for await (const file of glob(['web/**/*', 'protocol/*.ts', 'worker/**/*.ts', 'package-lock.json'], {
    cwd: repository,
  }))
    files.push(file)
  for (const file of files.sort()) {
    const { size, mtimeMs } = await stat(join(repository, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
