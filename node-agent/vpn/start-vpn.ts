/** Starts the guard by the operator's settings, keeps its history, and says how it stands as the edge is told. */
import type { VpnStatus } from '#protocol/capabilities.ts'
import type { Log } from '../log.ts'
import type { VpnState } from '../state/vpn-state.ts'
import type { GuardState } from './guard-state.ts'
import { createAskIp, hasKernelRule } from './kernel-rule.ts'
import { createVpnCounter } from './vpn-counts.ts'
import { startVpnGuard, type VpnGuard } from './vpn-guard.ts'
import { checkOf, type VpnSettings } from './vpn-settings.ts'

/** As many changes as the edge is told of. */
const MOST_TOLD = 10
const RULE_MILLISECONDS = 10 * 60_000
const COUNTS_MILLISECONDS = 3600_000

export type Vpn = Pick<VpnGuard, 'door' | 'close'> & { status: () => VpnStatus }

/** `onChange`: how it stands has changed. */
export function startVpn(
  settings: VpnSettings & { programPath?: string },
  kept: VpnState,
  log: Log,
  onChange: () => void,
): Vpn {
  const { vpn: policy, vpnInterface, vpnCheckSeconds, vpnDns } = settings
  const counter = createVpnCounter(Date.now())
  const closed = new AbortController()
  /** Of the address that was bound last. */
  let isRuled: boolean | undefined
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
      counter.note({ isOpen, atMs: since })
      if (isOpen) void lookForRule()
      onChange()
    },
  })
  // Without it a packet may slip out while the interface goes: the operator is told, and nothing else changes.
  const lookForRule = async () => {
    const address = vpnInterface === undefined ? undefined : guard.door?.localAddress()
    if (address === undefined) return
    const isThere = await hasKernelRule(address, createAskIp(settings.programPath), closed.signal)
    if (closed.signal.aborted || isThere === isRuled) return
    isRuled = isThere
    if (isThere === false) log.warn('vpn_rule_missing', { reason: 'see the README: have Linux keep the address' })
    onChange()
  }
  const timers =
    policy === 'off'
      ? []
      : [
          setInterval(() => void lookForRule(), RULE_MILLISECONDS),
          setInterval(() => log.info('vpn_counts', counter.counts(Date.now())), COUNTS_MILLISECONDS),
        ]
  for (const timer of timers) timer.unref()
  return {
    door: guard.door,
    close() {
      closed.abort()
      for (const timer of timers) clearInterval(timer)
      if (policy !== 'off') log.info('vpn_counts', counter.counts(Date.now()))
      guard.close()
    },
    status: () => {
      const state = guard.state()
      if (policy === 'off') return { policy, state: 'unknown' }
      return {
        ...{ policy, state: stateTold(state), reason: state.reason, since: Math.floor(state.since / 1000) },
        ...(vpnInterface === undefined ? {} : { boundTo: vpnInterface }),
        ...(isRuled === undefined ? {} : { hasKernelRule: isRuled }),
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
