/** The label that stands for an agent in the operator's zone. Pure. */

/**
 * Twenty hex digits of a hash: ids tell upper from lower case, and DNS does not. It is no secret, for whatever has a
 * certificate stands in public logs; it says nothing of the household.
 */
export async function agentLabel(agentId: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`agent-label\n${agentId}`))
  return Array.from(new Uint8Array(digest, 0, 10), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
