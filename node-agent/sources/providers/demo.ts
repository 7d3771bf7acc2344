/** Provider `demo`: the films that a catalog file on this machine lists, as the demo swarm writes it. */
import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import { type Offer, Offers } from '#protocol/source.ts'
import { parseJson } from '../../parse-json.ts'
import { textOption } from '../options.ts'
import { provider } from '../provider.ts'

/** `SOURCE_DEMO_CATALOG`: path of a JSON file of `Offers`. Without it the provider is off. */
export const demo = provider({
  id: 'demo',
  label: 'Films from a catalog file',
  about: 'Offers the films that a file on this machine lists.',
  isOnByDefault: false,
  asksForLawfulUse: false,
  isSetAtHomeOnly: true,
  requestsPerSecond: { background: 1, awaited: 1 },
  timeoutSeconds: 10,
  priority: 100,
  options: z.strictObject({
    catalog: textOption({ title: 'Catalog file', description: 'Path of the JSON file on the agent’s machine.' }),
  }),
  origins: () => [],
  work: ({ catalog }) => ({ offers: (signal) => readCatalog(catalog, signal) }),
})

async function readCatalog(file: string, signal: AbortSignal): Promise<Offer[]> {
  const refuse = (problem: string, cause?: unknown) =>
    new AppError('invalid', `SOURCE_DEMO_CATALOG: the file ${file} ${problem}.`, { cause })
  const text = await readFile(file, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw refuse('cannot be read', cause)
  })
  const parsed = Offers.safeParse(parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw refuse(`is not a catalog (${issue?.path.join('.') || 'the whole'}: ${issue?.message})`)
  }
  if (parsed.data.provider !== demo.id) throw refuse(`is of another provider, "${parsed.data.provider}"`)
  return parsed.data.offers
}
