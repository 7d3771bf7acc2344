/** A home, the world, and between them a router that opens ports when it is asked: Debian's miniupnpd over nftables. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { provision } from '../provision.ts'
import { type Conversation, createNamespaces } from './namespaces.ts'

/** What the router understands; PCP's server answers NAT-PMP, too. */
export type Speaks = 'upnp' | 'pcp'

export type MappingRouter = {
  /** Runs a Node script at home. */
  runAtHome(script: URL): Conversation
  /** What the world gets from this port of the router's; undefined when nobody answers there. */
  callFromWorld(port: number): string | undefined
  /** Ports at home that the kernel leads to from outside now. */
  openPorts(): string[]
  close(): void
}

/** What the world calls the router by: an address of everybody's, for others are not announced. */
export const ROUTER = '198.41.0.2'

/** Nothing comes in that did not go out before, but by what miniupnpd adds to its chains. */
const RULES = `table inet filter {
  chain forward { type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "lan" accept
    jump miniupnpd
  }
  chain miniupnpd {}
  chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
  chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; oifname "wan" masquerade; }
  chain prerouting_miniupnpd {}
  chain postrouting_miniupnpd {}
}`

export function createMappingRouter(speaks: Speaks): MappingRouter {
  provision({ ip: 'iproute2', nft: 'nftables', miniupnpd: 'miniupnpd-nftables' })
  const hosts = createNamespaces()
  try {
    for (const host of ['world', 'router', 'home']) hosts.add(host)
    hosts.connect('198.41.0', ['router', 'wan'], ['world', 'net'])
    hosts.connect('192.168.1', ['home', 'lan'], ['router', 'lan'])
    hosts.within('router', ['nft', '-f', '-'], RULES)
    const settings = {
      ...{ ext_ifname: 'wan', listening_ip: 'lan', secure_mode: 'yes', system_uptime: 'yes' },
      ...{ enable_upnp: speaks === 'upnp' ? 'yes' : 'no', enable_natpmp: speaks === 'pcp' ? 'yes' : 'no' },
      uuid: '00000000-0000-4000-8000-000000000000',
    }
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
    const file = join(hosts.folder, 'miniupnpd.conf')
    writeFileSync(
      file,
      [...lines, 'allow 1024-65535 192.168.1.0/24 1024-65535', 'deny 0-65535 0.0.0.0/0 0-65535', ''].join('\n'),
    )
    const command = ['miniupnpd', '-d', '-f', file, '-P', join(hosts.folder, 'miniupnpd.pid')]
    hosts.start('router', command, process.env.NAT_TEST_LOG ? 'inherit' : 'ignore').stdout?.resume()
  } catch (error) {
    hosts.close()
    throw error
  }
  return {
    runAtHome: (script) => hosts.converse('home', script),
    callFromWorld(port) {
      const script = `fetch('http://${ROUTER}:${port}/', { signal: AbortSignal.timeout(5000) }).then((a) => a.text()).then(console.log)`
      try {
        return hosts.within('world', [process.execPath, '-e', script]).trim()
      } catch {
        return undefined
      }
    },
    openPorts: () =>
      [...hosts.within('router', ['nft', 'list', 'ruleset']).matchAll(/dnat (?:ip )?to 192\.168\.1\.2:(\d+)/g)].map(
        ([, port = '']) => port,
      ),
    close: hosts.close,
  }
}
