/** A home and a screen, each behind a router of its own, and a TURN server between them, as network namespaces. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { IceServer } from '#protocol/p2p-signalling.ts'
import { chromiumPath, provision } from '../provision.ts'

/**
 * What a router does with UDP (RFC 4787). `full-cone`: one port for each inside, and whoever knows it may answer there.
 * `symmetric`: another port for each destination, and only that one may answer. `no-udp`: nothing of it passes.
 */
export type NatKind = 'full-cone' | 'symmetric' | 'no-udp'
type Place = 'home' | 'screen'

const TURN = { address: '192.0.2.1', port: 3478, secret: 'a-secret-of-this-test', realm: 'porch.test' }
/** The middle has `.1` of each, and the router `.2`. */
const outside = { home: '198.51.100', screen: '203.0.113' }
const inside = { home: '192.168.1', screen: '192.168.2' }

export type Conversation = {
  lines: Record<string, unknown>[]
  say(line: object): void
}

export type NatNetwork = {
  stun: IceServer
  /** With credentials as the edge mints them (worker/playback/p2p/ice-servers.ts). */
  turn(): IceServer
  /** Runs a Node script in there that is spoken to by lines of JSON. */
  run(where: Place, script: URL): Conversation
  /** A program that is Chromium in there. */
  chromium: string
  close(): void
}

const rulesOf = (kind: NatKind, place: Place): string => `
table ip nat {
  chain after { type nat hook postrouting priority 100;
    ${kind === 'symmetric' ? 'oifname "wan" meta l4proto udp masquerade fully-random' : ''}
    oifname "wan" snat to ${outside[place]}.2
  }
  chain before { type nat hook prerouting priority -100;
    ${kind === 'full-cone' ? `iifname "wan" meta l4proto udp dnat to ${inside[place]}.2` : ''}
  }
}
table ip filter {
  chain forward { type filter hook forward priority 0;
    ${kind === 'no-udp' ? 'meta l4proto udp drop' : ''}
  }
}`

/** Throws where namespaces are not permitted. */
export function createNatNetwork(kinds: Record<Place, NatKind>): NatNetwork {
  provision({ ip: 'iproute2', nft: 'nftables', turnserver: 'coturn' })
  const name = (what: string) => `porch-${process.pid}-${what}`
  const middle = name('middle')
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-nat-'))
  const namespaces = new Set<string>()
  const running = new Set<ChildProcess>()
  const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const within = (namespace: string, command: string[], input = '') =>
    void execFileSync('ip', ['netns', 'exec', namespace, ...command], { input, stdio: ['pipe', 'ignore', 'pipe'] })
  const add = (namespace: string) => {
    ip('netns', 'add', namespace)
    namespaces.add(namespace)
    const settings = ['ipv4/ip_forward 1', 'ipv6/conf/default/disable_ipv6 1', 'ipv6/conf/all/disable_ipv6 1']
    for (const [key, value] of settings.map((setting) => setting.split(' '))) {
      within(namespace, ['sh', '-c', `echo ${value} > /proc/sys/net/${key}`])
    }
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
  }
  /** Two ends of one cable, `.2` of the network on the first and `.1` on the second. */
  const connect = (network: string, one: [string, string], other: [string, string]) => {
    ip('link', 'add', one[1], 'netns', one[0], 'type', 'veth', 'peer', 'name', other[1], 'netns', other[0])
    for (const [[namespace, device], end] of [[one, 2] as const, [other, 1] as const]) {
      ip('-n', namespace, 'address', 'add', `${network}.${end}/24`, 'dev', device)
      ip('-n', namespace, 'link', 'set', device, 'up')
    }
    ip('-n', one[0], 'route', 'add', 'default', 'via', `${network}.1`)
  }
  const start = (namespace: string, command: string[], errors: 'inherit' | 'ignore' = 'inherit'): ChildProcess => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: ['pipe', 'pipe', errors] })
    running.add(child)
    return child
  }
  const close = () => {
    for (const child of running) child.kill('SIGKILL')
    for (const namespace of namespaces) ip('netns', 'delete', namespace)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    add(middle)
    ip('-n', middle, 'address', 'add', `${TURN.address}/32`, 'dev', 'lo')
    // What is for a private address is sent on and lost, as on the way to anywhere; coturn hangs up when it is refused.
    ip('-n', middle, 'link', 'add', 'nowhere', 'arp', 'off', 'type', 'veth', 'peer', 'name', 'lost')
    for (const device of ['nowhere', 'lost']) ip('-n', middle, 'link', 'set', device, 'up')
    ip('-n', middle, 'route', 'add', 'default', 'dev', 'nowhere')
    for (const place of ['home', 'screen'] as const) {
      const router = name(`${place}-nat`)
      add(router)
      add(name(place))
      connect(outside[place], [router, 'wan'], [middle, place])
      connect(inside[place], [name(place), 'lan'], [router, 'lan'])
      within(router, ['nft', '-f', '-'], rulesOf(kinds[place], place))
    }
  } catch (error) {
    close()
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
  start(middle, server, 'ignore').stdout?.resume()

  const chromium = join(folder, 'chromium')
  writeFileSync(chromium, `#!/bin/sh\nexec ip netns exec ${name('screen')} ${chromiumPath()} "$@"\n`)
  chmodSync(chromium, 0o755)
  return {
    stun: { urls: [`stun:${address}:${port}`] },
    turn() {
      const username = `${Math.floor(Date.now() / 1000) + 3600}:test`
      const credential = createHmac('sha1', secret).update(username).digest('base64')
      return { urls: [`turn:${address}:${port}?transport=udp`], username, credential }
    },
    run(where, script) {
      const child = start(name(where), [process.execPath, script.pathname])
      const lines: Record<string, unknown>[] = []
      if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
      return { lines, say: (line) => void child.stdin?.write(`${JSON.stringify(line)}\n`) }
    },
    chromium,
    close,
  }
}
