/** Starts libtorrent seeders (seeders.py) in a folder of their own and takes both away at the end. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Debian's own Python, whose libtorrent comes from apt. */
const PYTHON = '/usr/bin/python3'

export type SeederOptions = {
  sizeBytes: number
  pieceBytes: number
  torrents?: number
  /** A file that every torrent holds, each under a name of its own; random bytes otherwise. `sizeBytes` is its size. */
  film?: string
  /** Each seeder has sent some of each torrent to somebody who has left since. */
  hasSentBefore?: boolean
  /** One seeder for each, in bytes per second for each torrent; 0 for none. */
  limits: number[]
}

export type Seeders = { torrentFiles: string[]; addresses: string[]; folder: string; close(): void }

export async function startSeeders(options: SeederOptions): Promise<Seeders> {
  requireLibtorrent()
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-bench-'))
  const child = spawn(PYTHON, [join(import.meta.dirname, 'seeders.py'), JSON.stringify({ ...options, folder })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const close = () => {
    child.stdin.end()
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', close)
  for await (const line of createInterface(child.stdout)) {
    const { torrentFiles, ports }: { torrentFiles: string[]; ports: number[] } = JSON.parse(line)
    return { torrentFiles, addresses: ports.map((port) => `127.0.0.1:${port}`), folder, close }
  }
  throw new Error('The seeders ended before they were ready.')
}

/** Ends the benchmark with the one command that installs what is missing. */
export function requireLibtorrent(): void {
  if (spawnSync(PYTHON, ['-c', 'import libtorrent']).status === 0) return
  console.error('This benchmark seeds with libtorrent. Install it: apt-get install -y python3-libtorrent')
  process.exit(2)
}
