/** What the tests of the whole need from the system: found, or installed from Debian when we may, or named in one command. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Program → Debian package. */
const neededByTests = {
  chromium: 'chromium',
  ffmpeg: 'ffmpeg',
  // Other people's BitTorrent clients, for the interop tests.
  'transmission-daemon': 'transmission-daemon',
  aria2c: 'aria2',
  'qbittorrent-nox': 'qbittorrent-nox',
  libtorrent: 'python3-libtorrent',
  // Network namespaces, and a capture of what leaves one, for the VPN guard.
  ip: 'iproute2',
  python3: 'python3',
  // Routers, and a TURN server between them.
  nft: 'nftables',
  // A router that opens ports when it is asked.
  miniupnpd: 'miniupnpd-nftables',
  turnserver: 'coturn',
  // A tracker that nobody of ours wrote.
  opentracker: 'opentracker',
  // An ACME authority, for the agent's own certificate.
  pebble: 'pebble',
} as const

/** Where Chromium is; `CHROMIUM_PATH` wins over Debian's place. */
export const chromiumPath = (): string => process.env.CHROMIUM_PATH ?? pathOf('chromium') ?? '/usr/bin/chromium'

/** Installs what is missing, or throws an error whose message is the one command to run. Program → Debian package. */
export function provision(needed: Readonly<Record<string, string>> = neededByTests): void {
  const missing = Object.entries(needed).filter(([program]) => !isThere(program))
  if (missing.length === 0) return
  const packages = missing.map(([, name]) => name)
  const command = `apt-get update && apt-get install -y ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !pathOf('apt-get')) {
    throw new Error(`The tests need ${packages.join(' and ')}. Install them with:\n\n    sudo sh -c '${command}'\n`)
  }
  console.log(`Installing ${packages.join(' and ')} …`)
  execFileSync(
    'sh',
    ['-c', `(${command}) >/tmp/porchlight-provision.log 2>&1 || (tail -n 20 /tmp/porchlight-provision.log; exit 1)`],
    {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    },
  )
}

function isThere(program: string): boolean {
  if (program === 'chromium') return existsSync(chromiumPath())
  // No program but a module of Debian's own Python.
  if (program === 'libtorrent') return spawnSync('/usr/bin/python3', ['-c', 'import libtorrent']).status === 0
  return pathOf(program) !== undefined
}

function pathOf(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(':')
    .map((folder) => `${folder}/${program}`)
    .find((path) => existsSync(path))
}
