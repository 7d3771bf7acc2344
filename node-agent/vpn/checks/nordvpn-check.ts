/** NordVPN's own word on whether we come out of one of its servers (its insights endpoint). */
import { isIP } from 'node:net'
import * as z from 'zod'
import { parseJson } from '../../parse-json.ts'
import type { Answer } from '../guard-state.ts'
import type { Ask } from './ask.ts'

export const NORDVPN_URL = 'https://api.nordvpn.com'

/** `GET /v1/helpers/ips/insights`; the rest of it (country, city, provider) is nobody's business here. */
const Insights = z.object({ ip: z.string().refine((text) => isIP(text) !== 0), protected: z.boolean() })

export async function checkNordvpn(
  ask: Ask,
  options: { baseUrl: string; isHome: (address: string) => boolean },
  signal: AbortSignal,
): Promise<Answer> {
  let text: string
  try {
    text = await ask(new URL('/v1/helpers/ips/insights', options.baseUrl).href, signal)
  } catch {
    return { verdict: 'unknown', reason: 'no_answer' }
  }
  const insights = Insights.safeParse(parseJson(text))
  if (!insights.success) return { verdict: 'unknown', reason: 'bad_answer' }
  if (options.isHome(insights.data.ip)) return { verdict: 'no', reason: 'own_address' }
  return insights.data.protected ? { verdict: 'yes', reason: 'protected' } : { verdict: 'no', reason: 'not_protected' }
}
