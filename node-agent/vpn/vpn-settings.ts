/** The operator's settings of the VPN guard: which go together, and the check they ask for. */
import { createAsk } from './checks/ask.ts'
import { checkEcho } from './checks/echo-check.ts'
import { createIsHome } from './checks/home-addresses.ts'
import { checkNordvpn } from './checks/nordvpn-check.ts'
import type { Answer, VpnPolicy } from './guard-state.ts'
import type { Check } from './vpn-guard.ts'

export type VpnSettings = {
  vpn: VpnPolicy
  /** Interface or IPv4 address. */
  vpnInterface?: string | undefined
  /** Undefined: nobody is asked where something is bound, and NordVPN where nothing is. */
  vpnCheck?: 'nordvpn' | 'echo' | 'none' | undefined
  vpnCheckSeconds: number
  vpnHomeAddresses: readonly string[]
  vpnNordvpnUrl: string
  vpnEchoUrls: readonly string[]
  vpnDns?: readonly string[] | undefined
}

const kindOfCheck = ({ vpnCheck, vpnInterface }: VpnSettings) => vpnCheck ?? (vpnInterface ? 'none' : 'nordvpn')

/** A sentence for the operator when settings do not go together: what was half said must not look like a guard. */
export function problemOf(settings: VpnSettings): string | undefined {
  const { vpn, vpnInterface, vpnCheck, vpnHomeAddresses } = settings
  if (vpn === 'off') {
    if (vpnInterface === undefined && vpnCheck === undefined) return undefined
    return 'PORCHLIGHT_VPN_INTERFACE and PORCHLIGHT_VPN_CHECK need PORCHLIGHT_VPN to be required or preferred.'
  }
  const kind = kindOfCheck(settings)
  if (kind === 'none' && vpnInterface === undefined) {
    return 'PORCHLIGHT_VPN_CHECK=none needs PORCHLIGHT_VPN_INTERFACE: else nothing would say whether the VPN is up.'
  }
  if (kind === 'echo' && vpnHomeAddresses.length === 0) {
    return 'PORCHLIGHT_VPN_CHECK=echo needs PORCHLIGHT_VPN_HOME_ADDRESSES: your own public address, without the VPN.'
  }
  return undefined
}

/** Whoever does not answer is asked once more before that counts. */
export function checkOf(settings: VpnSettings): Check | undefined {
  const kind = kindOfCheck(settings)
  if (kind === 'none') return undefined
  const isHome = createIsHome(settings.vpnHomeAddresses)
  const once: Check = (bound, signal) => {
    const ask = createAsk(() => bound, settings.vpnDns)
    return kind === 'nordvpn'
      ? checkNordvpn(ask, { baseUrl: settings.vpnNordvpnUrl, isHome }, signal)
      : checkEcho(ask, { urls: settings.vpnEchoUrls, isHome }, signal)
  }
  return async (bound, signal): Promise<Answer> => {
    const first = await once(bound, signal)
    return first.verdict === 'unknown' && !signal.aborted ? once(bound, signal) : first
  }
}
