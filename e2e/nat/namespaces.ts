/** Hosts of a test's own, as network namespaces: cables between them, programs in them, and an end to all of it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A script that is spoken to by lines of JSON; `lines` are those that it has printed. */
export type Conversation = {
  lines: Record<string, unknown>[]
  say(line: object): void
}

type Namespaces = {
  /** For what a test writes; gone with the rest. */
  folder: string
  /** What a host of this test is called in the system. */
  name(host: string): string
  add(host: string): void
  /** Two ends of one cable, `.2` of the network on the first and `.1` on the second; host and device each. */
  connect(network: string, one: [string, string], other: [string, string]): void
  /** `ip` in a host. */
  ip(host: string, ...args: string[]): void
  /** Runs to its end in a host; gives what it printed. */
  within(host: string, command: string[], input?: string): string
  /** Runs until all of it is closed. */
  start(host: string, command: string[], errors?: 'inherit' | 'ignore'): ChildProcess
  /** Runs a Node script in a host. */
  converse(host: string, script: URL, args?: readonly string[]): Conversation
  close(): void
}

export function createNamespaces(): Namespaces {
  const name = (host: string) => `porch-${process.pid}-${host}`
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-hosts-'))
  const namespaces = new Set<string>()
  const running = new Set<ChildProcess>()
  const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ipIn = (host: string, ...args: string[]) => ip('-n', name(host), ...args)
  const within = (host: string, command: string[], input = '') =>
    execFileSync('ip', ['netns', 'exec', name(host), ...command], { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString()
  const start: Namespaces['start'] = (host, command, errors = 'inherit') => {
    const child = spawn('ip', ['netns', 'exec', name(host), ...command], { stdio: ['pipe', 'pipe', errors] })
    running.add(child)
    return child
  }
  return {
    ...{ folder, name, within, start, ip: ipIn },
    add(host) {
      ip('netns', 'add', name(host))
      namespaces.add(name(host))
      const settings = ['ipv4/ip_forward 1', 'ipv6/conf/default/disable_ipv6 1', 'ipv6/conf/all/disable_ipv6 1']
      for (const [key, value] of settings.map((setting) => setting.split(' '))) {
        within(host, ['sh', '-c', `echo ${value} > /proc/sys/net/${key}`])
      }
      ipIn(host, 'link', 'set', 'lo', 'up')
    },
    connect(network, one, other) {
      ip(
        'link',
        'add',
        one[1],
        'netns',
        name(one[0]),
        'type',
        'veth',
        'peer',
        'name',
        other[1],
        'netns',
        name(other[0]),
      )
      for (const [[host, device], end] of [[one, 2] as const, [other, 1] as const]) {
        ipIn(host, 'address', 'add', `${network}.${end}/24`, 'dev', device)
        ipIn(host, 'link', 'set', device, 'up')
      }
      ipIn(one[0], 'route', 'add', 'default', 'via', `${network}.1`)
    },
    converse(host, script, args = []) {
      const child = start(host, [process.execPath, script.pathname, ...args])
      const lines: Record<string, unknown>[] = []
      if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
      return { lines, say: (line) => void child.stdin?.write(`${JSON.stringify(line)}\n`) }
    },
    close() {
      for (const child of running) child.kill('SIGKILL')
      for (const namespace of namespaces) ip('netns', 'delete', namespace)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
