/** A home and a screen, each behind a router of its own, and a TURN server between them, as network namespaces. */
import type { ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { IceServer } from '#protocol/p2p-signalling.ts'
import { until } from '../../node-agent/testing/until.ts'
import { chromiumPath, provision } from '../provision.ts'
import { type Conversation, createNamespaces } from './namespaces.ts'

/**
 * What a router does with UDP (RFC 4787). `full-cone`: one port for each inside, and whoever knows it may answer there.
 * `symmetric`: another port for each destination, and only that one may answer. `no-udp`: nothing of it passes.
 */
export type NatKind = 'full-cone' | 'symmetric' | 'no-udp'
type Place = 'home' | 'screen'

const TURN = { address: '192.0.2.1', port: 3478, secret: 'a-secret-of-this-test', realm: 'porch.test' }
/** Of the middle, too: what an agent takes for its own network, for only there an edge may be without a certificate. */
const EDGE = '10.53.0.1'
/** What an edge has to be told of the server in the middle. */
export const serversInTheMiddle = {
  STUN_URLS: `stun:${TURN.address}:${TURN.port}`,
  TURN_URLS: `turn:${TURN.address}:${TURN.port}?transport=udp`,
  TURN_SECRET: TURN.secret,
}
/** The middle has `.1` of each, and the router `.2`. */
const outside = { home: '198.51.100', screen: '203.0.113' }
const inside = { home: '192.168.1', screen: '192.168.2' }

export type NatNetwork = {
  stun: IceServer
  /** With credentials as the edge mints them (worker/playback/p2p/ice-servers.ts). */
  turn(): IceServer
  /** Runs a Node script in there that is spoken to by lines of JSON. */
  run(where: Place, script: URL, args?: readonly string[]): Conversation
  /** Runs a command in there until all is closed. */
  start(where: Place, command: string[]): ChildProcess
  /** From now on what listens on this machine's loopback at that port is in the middle, too. Gives its address there. */
  putInTheMiddle(port: number): Promise<string>
  /** How many datagrams the place's router has dropped, where it lets none through. */
  datagramsDropped(where: Place): number
  /** So many bytes a second reach the place from now on. */
  limitLine(where: Place, bytesPerSecond: number): void
  /** A program that is Chromium in there. */
  chromium: string
  /** It is in another network from now on, as a phone that leaves its home: other addresses inside and outside, and none of before. */
  changeAddress(where: Place): void
  /** Its router alone is somewhere else from now on, as after a night's reconnect: nothing inside can see that. */
  changeOuterAddress(where: Place): void
  /** From now on no datagram passes between home and screen but by the server in the middle. */
  cutDirect(): void
  close(): void
}

/** The last part of the addresses. */
type Ends = { inside: number; outside: number }

const rulesOf = (kind: NatKind, place: Place, ends: Ends): string => `
flush ruleset
table ip nat {
  chain after { type nat hook postrouting priority 100;
    ${kind === 'symmetric' ? 'oifname "wan" meta l4proto udp masquerade fully-random' : ''}
    oifname "wan" snat to ${outside[place]}.${ends.outside}
  }
  chain before { type nat hook prerouting priority -100;
    ${kind === 'full-cone' ? `iifname "wan" meta l4proto udp dnat to ${inside[place]}.${ends.inside}` : ''}
  }
}
table ip filter {
  chain forward { type filter hook forward priority 0;
    ${kind === 'no-udp' ? 'meta l4proto udp counter drop' : ''}
  }
}`

/** Throws where namespaces are not permitted. */
export function createNatNetwork(kinds: Record<Place, NatKind>): NatNetwork {
  provision({ ip: 'iproute2', nft: 'nftables', turnserver: 'coturn' })
  const hosts = createNamespaces()
  const { ip, folder } = hosts
  const ends: Record<Place, Ends> = { home: { inside: 2, outside: 2 }, screen: { inside: 2, outside: 2 } }
  try {
    hosts.add('middle')
    for (const address of [TURN.address, EDGE]) ip('middle', 'address', 'add', `${address}/32`, 'dev', 'lo')
    // What is for a private address is sent on and lost, as on the way to anywhere; coturn hangs up when it is refused.
    ip('middle', 'link', 'add', 'nowhere', 'arp', 'off', 'type', 'veth', 'peer', 'name', 'lost')
    for (const device of ['nowhere', 'lost']) ip('middle', 'link', 'set', device, 'up')
    ip('middle', 'route', 'add', 'default', 'dev', 'nowhere')
    for (const place of ['home', 'screen'] as const) {
      const router = `${place}-nat`
      hosts.add(router)
      hosts.add(place)
      hosts.connect(outside[place], [router, 'wan'], ['middle', place])
      hosts.connect(inside[place], [place, 'lan'], [router, 'lan'])
      hosts.within(router, ['nft', '-f', '-'], rulesOf(kinds[place], place, ends[place]))
    }
  } catch (error) {
    hosts.close()
    throw error
  }
  const { address, port, secret, realm } = TURN
  const server = [
    ...['turnserver', '-n', '--no-cli', '--no-tls', '--no-dtls', '--pidfile', join(folder, 'turn.pid')],
    ...['--listening-ip', address, '--listening-port', String(port), '--relay-ip', address],
    ...['--use-auth-secret', '--static-auth-secret', secret, '--realm', realm],
    ...['--log-file', 'stdout', '--simple-log', '--userdb', join(folder, 'turn.db')],
  ]
  // It complains of IPv6, which is not there.
  hosts.start('middle', server, 'ignore').stdout?.resume()

  const chromium = join(folder, 'chromium')
  writeFileSync(chromium, `#!/bin/sh\nexec ip netns exec ${hosts.name('screen')} ${chromiumPath()} "$@"\n`)
  chmodSync(chromium, 0o755)
  const change = (place: Place, sides: readonly (keyof Ends)[]) => {
    const router = `${place}-nat`
    for (const side of sides) {
      const [before, after] = [ends[place][side], ++ends[place][side]]
      const [host, device, network] =
        side === 'inside' ? [place, 'lan', inside[place]] : [router, 'wan', outside[place]]
      ip(host, 'address', 'delete', `${network}.${before}/24`, 'dev', device)
      ip(host, 'address', 'add', `${network}.${after}/24`, 'dev', device)
      ip(host, 'route', 'replace', 'default', 'via', `${network}.1`)
      // The middle has learnt where that was, and would find it there still.
      if (side === 'outside') ip('middle', 'route', 'add', `${network}.${before}/32`, 'dev', 'nowhere')
    }
    hosts.within(router, ['nft', '-f', '-'], rulesOf(kinds[place], place, ends[place]))
  }
  let door: Server | undefined
  return {
    stun: { urls: [`stun:${address}:${port}`] },
    turn() {
      const username = `${Math.floor(Date.now() / 1000) + 3600}:test`
      const credential = createHmac('sha1', secret).update(username).digest('base64')
      return { urls: [`turn:${address}:${port}?transport=udp`], username, credential }
    },
    run: hosts.converse,
    start: hosts.start,
    async putInTheMiddle(port) {
      // A socket of the file system is of every network at once.
      const path = join(folder, `port-${port}`)
      door = createServer((caller) => {
        const here = connect(port, '127.0.0.1')
        pipeline(caller, here, caller, () => undefined)
      }).listen(path)
      const there = hosts.converse('middle', new URL('./door-process.ts', import.meta.url), [path, EDGE, String(port)])
      await until(() => there.lines.some(({ isReady }) => isReady), 'the door in the middle', 30_000)
      return EDGE
    },
    datagramsDropped: (place) =>
      Number(/udp counter packets (\d+)/.exec(hosts.within(`${place}-nat`, ['nft', 'list', 'ruleset']))?.[1]),
    limitLine(place, bytesPerSecond) {
      const limit = ['rate', `${bytesPerSecond * 8}bit`, 'burst', '64kb', 'latency', '100ms']
      hosts.within(`${place}-nat`, ['tc', 'qdisc', 'add', 'dev', 'lan', 'root', 'tbf', ...limit])
    },
    chromium,
    changeAddress: (place) => change(place, ['outside', 'inside']),
    changeOuterAddress: (place) => change(place, ['outside']),
    cutDirect() {
      const [home, screen] = [`${outside.home}.2`, `${outside.screen}.2`]
      const rules = `table ip cut { chain forward { type filter hook forward priority 0;
        ip saddr ${home} ip daddr ${screen} drop
        ip saddr ${screen} ip daddr ${home} drop
      }
      }`
      hosts.within('middle', ['nft', '-f', '-'], rules)
    },
    close() {
      door?.close()
      hosts.close()
    },
  }
}
