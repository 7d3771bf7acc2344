/** The version of the agent, as the repository's package.json says it. */
import { readFileSync } from 'node:fs'
import * as z from 'zod'

const PackageFile = z.object({ version: z.string() })

export const softwareVersion: string = PackageFile.parse(
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
).version
