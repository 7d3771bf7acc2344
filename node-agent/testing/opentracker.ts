/** Debian's opentracker on loopback, by UDP and HTTP at one port: a tracker that nobody of ours wrote. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export type OpenTracker = { udp: string; http: string; stop(): Promise<void> }

/** Debian's build serves only torrents that it was told of. */
export async function startOpenTracker(infoHashes: readonly string[]): Promise<OpenTracker> {
  const folder = mkdtempSync(join(tmpdir(), 'opentracker-'))
  // Started by root it becomes nobody, and looks from its own folder.
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'whitelist'), infoHashes.map((infoHash) => `${infoHash}\n`).join(''), { mode: 0o644 })
  const port = await freePort()
  const at = ['-i', '127.0.0.1', '-p', String(port), '-P', String(port)]
  const child = spawn('opentracker', [...at, '-d', folder, '-w', 'whitelist'], { cwd: folder, stdio: 'ignore' })
  const gone = new Promise<void>((done) => child.once('exit', () => done()))
  const http = `http://127.0.0.1:${port}/announce`
  const stop = async () => {
    child.kill('SIGKILL')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(
      () =>
        fetch(http).then(
          () => true,
          () => false,
        ),
      'opentracker',
    )
  } catch (error) {
    await stop()
    throw error
  }
  return { udp: `udp://127.0.0.1:${port}/announce`, http, stop }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise<void>((done) => server.close(() => done()))
  return port
}
