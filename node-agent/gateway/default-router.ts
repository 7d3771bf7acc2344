/** Which router leads out of this network, as Linux lists it in /proc/net/route. Pure but for its reader. */
import { readFile } from 'node:fs/promises'

/** Undefined where there is none, and on other systems: UPnP finds a router by asking around. */
export const findRouter = async (): Promise<string | undefined> =>
  routerIn(await readFile('/proc/net/route', 'utf8').catch(() => ''))

const UP_AND_GATEWAY = 0x3

/** The gateway of the default route with the lowest metric. Addresses stand there in hex, least byte first. */
export function routerIn(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').map((field) => field.trim()))
    .filter(([, destination, gateway, flags, , , , mask]) => {
      const isDefault = destination === '00000000' && mask === '00000000'
      return (
        isDefault && /^[0-9A-F]{8}$/.test(gateway ?? '') && (Number.parseInt(flags ?? '', 16) & 0x3) === UP_AND_GATEWAY
      )
    })
    .map(([, , gateway = '', , , , metric = '0']) => ({ gateway, metric: Number(metric) }))
    .sort((a, b) => a.metric - b.metric)
  const first = routes[0]?.gateway
  return first && [...Buffer.from(first, 'hex')].reverse().join('.')
}
