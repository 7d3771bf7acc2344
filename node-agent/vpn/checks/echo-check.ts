/** Any VPN: several services say which address we come from, and more than half of them must agree that it is not ours. */
import { isIP } from 'node:net'
import * as z from 'zod'
import { parseJson } from '../../parse-json.ts'
import type { Answer } from '../guard-state.ts'
import type { Ask } from './ask.ts'

/** Each answers by IPv4 alone, with the bare address. */
export const ECHO_URLS: readonly string[] = [
  'https://api.ipify.org',
  'https://ipv4.icanhazip.com',
  'https://v4.ident.me',
  'https://checkip.amazonaws.com',
  'https://ipv4.seeip.org',
]

/** The ways such services say it besides a bare line: ipify and ident.me (`ip`), httpbin (`origin`), ip-api (`query`). */
const Echo = z.union([
  z.object({ ip: z.string() }).transform(({ ip }) => ip),
  z.object({ origin: z.string() }).transform(({ origin }) => origin),
  z.object({ query: z.string() }).transform(({ query }) => query),
])

/** All are asked at once. A single one that lies, or fails, changes nothing. */
export async function checkEcho(
  ask: Ask,
  options: { urls: readonly string[]; isHome: (address: string) => boolean },
  signal: AbortSignal,
): Promise<Answer> {
  const answers = await Promise.allSettled(options.urls.map((url) => ask(url, signal)))
  const told = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  if (told.length === 0) return { verdict: 'unknown', reason: 'no_answer' }
  return judgeEchoes(told.map(readEcho), options.urls.length, options.isHome)
}

/** The address in an answer, or undefined. */
export function readEcho(text: string): string | undefined {
  const bare = text.trim()
  if (isIP(bare) !== 0) return bare
  const echo = Echo.safeParse(parseJson(bare))
  return echo.success && isIP(echo.data) !== 0 ? echo.data : undefined
}

/** More than half of all that were asked, not of those that answered. */
export function judgeEchoes(
  told: readonly (string | undefined)[],
  asked: number,
  isHome: (address: string) => boolean,
): Answer {
  const addresses = told.filter((one) => one !== undefined)
  const isMost = (count: number) => count * 2 > asked
  if (isMost(addresses.filter(isHome).length)) return { verdict: 'no', reason: 'own_address' }
  const counts = new Map<string, number>()
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1)
  for (const [address, count] of counts) {
    if (isMost(count) && !isHome(address)) return { verdict: 'yes', reason: 'other_address' }
  }
  return { verdict: 'unknown', reason: addresses.length === 0 ? 'bad_answer' : 'no_majority' }
}
