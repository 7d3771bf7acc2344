/** What the certificate of a box says, in words for the admin. */
import type { Agent } from '../api.ts'

export type Certificate = NonNullable<Agent['certificate']>

/** By the words of node-agent/certificate/when-to-order.ts; a newer agent may know others. */
const problems: Readonly<Record<string, string>> = {
  rate_limited: 'The authority issues no more for now.',
  challenge_refused: 'The authority did not find its proof in your zone.',
  names_refused: 'The names of this box could not be written to your zone. See the DNS settings of the edge.',
  authority_away: 'The authority does not answer.',
  failed: 'The order failed; the log of the box says why.',
}

/** `now` is epoch milliseconds. What is held goes on serving, whatever keeps a newer one away. */
export function certificateWords(
  { state, expiresAt, problem }: Certificate,
  now: number,
): { text: string; isWell: boolean; why: string | undefined } {
  const isOver = expiresAt !== undefined && expiresAt * 1000 <= now
  const text = state === 'none' ? 'None yet' : isOver ? 'Expired' : 'Held'
  const why = problem && (problems[problem] ?? 'Update Porchlight to read why.')
  return { text, isWell: state === 'held' && !isOver, why }
}
