/** `npm run bench -- NAME`: runs one benchmark; JSON lines on stdout and nothing else. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const folder = import.meta.dirname
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'bench.ts')))
  .map((entry) => entry.name)
const name = process.argv[2]

if (name === undefined || !names.includes(name)) {
  console.error(`Which one? npm run bench -- ${names.join(' | ')}`)
  process.exit(2)
}
await import(join(folder, name, 'bench.ts'))
process.exit(0)
