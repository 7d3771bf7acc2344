/** Whether Linux itself keeps the bound address to its interface (the rule in the README): asked, never changed. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as z from 'zod'
import { parseJson } from '../parse-json.ts'

const run = promisify(execFile)
const PATIENCE_MILLISECONDS = 3000

/** `ip -json rule`, as far as it is read; `lookup` names are numbers or words of the system's own. */
const Rules = z.array(
  z.object({ src: z.string(), srclen: z.number().optional(), table: z.union([z.string(), z.number()]).optional() }),
)
const Routes = z.array(z.object({ dst: z.string(), type: z.string().optional(), dev: z.string().optional() }))

/** Asks `ip` with these words; rejects where there is none, or it says no. */
export type AskIp = (words: readonly string[], signal: AbortSignal) => Promise<string>

/** `path`: where programs are looked for. */
export const createAskIp =
  (path: string | undefined): AskIp =>
  async (words, signal) =>
    (await run('ip', ['-json', ...words], { env: { PATH: path ?? '' }, signal, timeout: PATIENCE_MILLISECONDS })).stdout

const shared = new Set(['local', 'main', 'default'])

/**
 * Undefined where nobody can say: another system, no `ip`, an answer that is none. True when what comes from the address
 * is sent by a table of its own that ends in an unreachable route, so that no other way is ever taken.
 */
export async function hasKernelRule(address: string, ask: AskIp, signal: AbortSignal): Promise<boolean | undefined> {
  try {
    const rules = Rules.safeParse(parseJson(await ask(['rule'], signal)))
    if (!rules.success) return undefined
    for (const { src, srclen = 32, table } of rules.data) {
      if (src !== address || srclen !== 32 || table === undefined || shared.has(String(table))) continue
      const routes = Routes.safeParse(parseJson(await ask(['route', 'show', 'table', String(table)], signal)))
      if (routes.success && routes.data.some(endsThere)) return true
    }
    return false
  } catch {
    return undefined
  }
}

const endsThere = ({ dst, type }: z.infer<typeof Routes>[number]) =>
  dst === 'default' && type !== undefined && ['unreachable', 'blackhole', 'prohibit'].includes(type)
