/** What this agent can do and how to reach it, as the hub is told. */
import type { NetworkInterfaceInfo } from 'node:os'
import type { AgentLoad, Capabilities } from '#protocol/capabilities.ts'

const GiB = 1024 ** 3

/**
 * Origins that browsers may reach the agent at, when the operator named none: those of the home network first, this
 * machine's own last. An agent that listens on one address is reachable there alone.
 */
export function reachableAt(
  listening: { host: string; port: number; isSecure: boolean },
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>,
): string[] {
  const { host, port, isSecure } = listening
  const origin = (address: string) => new URL(`${isSecure ? 'https' : 'http'}://${address}:${port}`).origin
  if (host !== '0.0.0.0' && host !== '::') return [origin(host.includes(':') ? `[${host}]` : host)]
  const addresses = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return [...new Set(addresses)].slice(0, 7).concat('localhost').map(origin)
}

/** The hub hears of a change when it matters: another address, another whole GiB on the disk, idle, or full. */
export function isWorthTelling(before: Capabilities, after: Capabilities): boolean {
  const rounded = ({ disk, load, ...rest }: Capabilities) =>
    JSON.stringify({
      ...rest,
      disk: [Math.round(disk.freeBytes / GiB), Math.round(disk.usedBytes / GiB)],
      load: load && levelOf(load),
    })
  return rounded(before) !== rounded(after)
}

/** What the edge places by; the numbers in between ride on the replies. */
function levelOf({ streams, mostStreams, makings, mostMakings }: AgentLoad): string {
  if (streams >= mostStreams) return 'full'
  if (streams === 0) return 'idle'
  return makings >= mostMakings ? 'makes all it can' : 'plays'
}
