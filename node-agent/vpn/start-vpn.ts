/** Starts the guard by the operator's settings, keeps its history, and says how it stands as the edge is told. */
import type { VpnStatus } from '#protocol/agent-messages.ts'
import type { Log } from '../log.ts'
import type { VpnState } from '../state/vpn-state.ts'
import type { GuardState } from './guard-state.ts'
import { startVpnGuard, type VpnGuard } from './vpn-guard.ts'
import { checkOf, type VpnSettings } from './vpn-settings.ts'

/** As many changes as the edge is told of. */
const MOST_TOLD = 10

export type Vpn = Pick<VpnGuard, 'door' | 'close'> & { status: () => VpnStatus }

/** `onChange`: how it stands has changed. */
export function startVpn(settings: VpnSettings, kept: VpnState, log: Log, onChange: () => void): Vpn {
  const { vpn: policy, vpnInterface, vpnCheckSeconds, vpnDns } = settings
  const guard = startVpnGuard({
    ...{ policy, interface: vpnInterface, check: checkOf(settings), checkSeconds: vpnCheckSeconds },
    ...{ nameServers: vpnDns, log },
    onChange: ({ isOpen, reason, since }) => {
      try {
        kept.add({ at: since / 1000, isOpen, reason })
      } catch (error) {
        // The disk may be full: no reason for the guard to fail.
        log.error('vpn_change_not_kept', error)
      }
      onChange()
    },
  })
  const { door, close } = guard
  return {
    ...{ door, close },
    status: () => {
      const state = guard.state()
      if (policy === 'off') return { policy, state: 'unknown' }
      return {
        ...{ policy, state: stateTold(state), reason: state.reason, since: Math.floor(state.since / 1000) },
        ...(vpnInterface === undefined ? {} : { boundTo: vpnInterface }),
        history: kept.latest(MOST_TOLD),
      }
    },
  }
}

/** Unknown is said only of what runs all the same, and of what is not known yet. */
function stateTold({ isOpen, verdict }: GuardState): VpnStatus['state'] {
  if (isOpen) return verdict === 'yes' ? 'up' : 'unknown'
  return verdict === 'unknown' ? 'unknown' : 'down'
}
