/** What the VPN guard of a box says, in words for the admin. */
import type { Agent } from '../api.ts'

export type Vpn = NonNullable<Agent['vpn']>

/** Why, by the words of node-agent/vpn/guard-state.ts; a newer agent may know others. */
const reasons: Readonly<Record<string, string>> = {
  not_checked: 'Nothing is known of the VPN yet.',
  protected: 'NordVPN sees us come out of one of its servers.',
  other_address: 'We come from another address than your own.',
  bound: 'The VPN’s interface is there.',
  not_protected: 'NordVPN does not see us come out of one of its servers.',
  own_address: 'We come from your own address: the VPN is not what leads out.',
  no_answer: 'Whoever could say whether the VPN is up does not answer.',
  bad_answer: 'Whoever could say whether the VPN is up answers what makes no sense.',
  no_majority: 'The services that see our address do not agree.',
  interface_gone: 'The VPN’s interface is gone.',
  way_changed: 'The way out no longer leads through the VPN’s interface.',
  settling: 'The VPN is back. Downloads go on when it has held for a moment.',
}

export const whyOf = (reason: string | undefined): string => reasons[reason ?? ''] ?? 'Update Porchlight to read why.'

/** Undefined where nothing is guarded. */
export function vpnWords({ policy, state }: Vpn): { text: string; isWell: boolean } | undefined {
  if (policy === 'off') return undefined
  if (state === 'up') return { text: 'Up', isWell: true }
  if (state === 'down') return { text: 'Down: downloads wait', isWell: false }
  return policy === 'required'
    ? { text: 'Not known: downloads wait', isWell: false }
    : { text: 'Not known: downloads may go on', isWell: false }
}
