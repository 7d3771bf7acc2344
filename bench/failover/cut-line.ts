/** Cuts every line of one process with the system's own firewall: nothing is refused, nothing arrives any more. */
import { execFileSync } from 'node:child_process'

const TABLE = 'porchlight_bench'

/** Only root may; and nftables must be there. */
export function canCutLines(): boolean {
  try {
    execFileSync('nft', ['list', 'tables'], { stdio: 'ignore' })
    return process.getuid?.() === 0
  } catch {
    return false
  }
}

/** What the process listens to and what it is connected by now: to its viewers, to the edge, to its peers. */
export function cutLinesOf(pid: number): void {
  const sockets = execFileSync('ss', ['-H', '-tuanp'], { encoding: 'utf8' }).split('\n')
  const ports = { tcp: new Set<string>(), udp: new Set<string>() }
  for (const line of sockets) {
    if (!line.includes(`pid=${pid},`)) continue
    const [protocol, , , , local] = line.trim().split(/\s+/)
    if (protocol === 'tcp' || protocol === 'udp') ports[protocol].add(local?.split(':').at(-1) ?? '')
  }
  const drops = Object.entries(ports).flatMap(([protocol, all]) =>
    all.size === 0 ? [] : ['sport', 'dport'].map((end) => `${protocol} ${end} { ${[...all].join(', ')} } counter drop`),
  )
  const chain = ['chain input {', 'type filter hook input priority 0', ...drops, '}']
  execFileSync('nft', ['-f', '-'], { input: [`table inet ${TABLE} {`, ...chain, '}', ''].join('\n') })
}

export function mendLines(): void {
  execFileSync('nft', ['delete', 'table', 'inet', TABLE])
}
