/** How the VPN guard of a box stands, why, and how it came to that. */
import { when } from '../ui/time-format.ts'
import { type Vpn, vpnWords, whyOf } from './vpn-words.ts'

export function VpnState({ vpn, now }: { vpn: Vpn; now: number }) {
  const words = vpnWords(vpn)
  if (!words) return <p className="text-quiet">Not guarded</p>
  const { reason, since, boundTo, hasKernelRule, history = [] } = vpn
  return (
    <div data-vpn={vpn.state}>
      <p className={words.isWell ? 'text-leaf' : 'text-ember'}>
        {words.text}
        {since !== undefined && <span className="text-quiet"> · {when(since, now)}</span>}
      </p>
      <p className="text-quiet">{whyOf(reason)}</p>
      {boundTo !== undefined && <p className="text-quiet">Everything is bound to {boundTo}.</p>}
      {hasKernelRule === false && (
        <p className="text-ember">
          Linux does not keep that address to its interface: a packet may slip out while the VPN goes. The README of the
          box names the three commands that prevent it.
        </p>
      )}
      {history.length > 1 && (
        <details className="mt-1">
          <summary className="cursor-pointer py-1 text-quiet">How it came to this</summary>
          <ol className="grid gap-1 pt-1">
            {history.map(({ at, isOpen, reason: why }) => (
              <li key={`${at} ${isOpen} ${why}`} className="text-quiet">
                {when(at, now)}: {isOpen ? 'downloads ran.' : 'downloads waited.'} {whyOf(why)}
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}
