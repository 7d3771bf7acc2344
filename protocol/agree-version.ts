/** Pure: which protocol version a hub and an agent speak with each other, or which of the two is too old for that. */

/** From the oldest to the newest that a side speaks, both included. */
export type Spoken = { oldest: number; newest: number }

export type Agreement =
  /** `isAgentOld`: it works, and would do more if it were brought up to date. */
  { version: number; isAgentOld: boolean } | { tooOld: 'agent' | 'hub' }

/** The newest that both speak. */
export function agreeVersion(hub: Spoken, agent: Spoken): Agreement {
  const version = Math.min(hub.newest, agent.newest)
  if (version >= hub.oldest && version >= agent.oldest) return { version, isAgentOld: agent.newest < hub.newest }
  return { tooOld: agent.newest < hub.oldest ? 'agent' : 'hub' }
}
