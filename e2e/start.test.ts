import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { repository } from '../start/child.ts'
import { freePort } from '../start/ports.ts'
import { setUp } from './edge-client.ts'

let state: string
let port: number
let running: ChildProcess | undefined

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'porchlight-start-'))
  port = await freePort()
})
afterEach(async () => {
  if (running?.exitCode === null) running.kill('SIGKILL')
  rmSync(state, { recursive: true, force: true })
})

/** What `npm start` runs, and everything it prints until `until` shows up or it ends. */
async function start(until: RegExp, ...words: string[]): Promise<{ text: string; ended: Promise<number> }> {
  const child = spawn(process.execPath, ['start/main.ts', '--port', String(port), '--state', state, ...words], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)))
  let text = ''
  await new Promise<void>((resolve) => {
    const take = (chunk: Buffer) => {
      text += chunk
      if (until.test(text)) resolve()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void ended.then(() => resolve())
  })
  return { text, ended }
}

/** Processes that were started from this state directory and still run. */
function leftRunning(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
        return read('cmdline').includes(state) || read('environ').includes(`PORCHLIGHT_STATE_DIR=${state}`)
      } catch {
        return false
      }
    })
}

it('ends with an address and a set-up link, stops cleanly on Ctrl-C, and goes on where it was', async () => {
  const first = await start(/Ctrl-C/)
  expect(first.text).toContain(`Watch at     http://localhost:${port}`)
  const setupUrl = /First time\s+(http:\S+)/.exec(first.text)?.[1]
  const client = await setUp(`http://localhost:${port}`, setupUrl)
  const { titles } = (await (await client.call('GET', '/api/titles')).json()) as { titles: { name: string }[] }
  const names = titles.map(({ name }) => name).join(', ')
  expect(names).toContain('Sintel')
  expect(names).toContain('Big Buck Bunny: the first half minute')
  running?.kill('SIGINT')
  expect(await first.ended).toBe(0)
  expect(leftRunning()).toEqual([])

  const second = await start(/Ctrl-C/, '--no-demo')
  expect(second.text).not.toContain('First time')
  const agents = (await (await client.call('GET', '/api/agents')).json()) as { agents: { online: boolean }[] }
  expect(agents.agents.map(({ online }) => online)).toEqual([true])
  running?.kill('SIGINT')
  expect(await second.ended).toBe(0)
}, 180_000)

it('clears away what a killed start left behind', async () => {
  await start(/Ctrl-C/, '--no-demo')
  running?.kill('SIGKILL')
  const again = await start(/Ctrl-C/, '--no-demo')
  expect(again.text).toContain('The light is on')
  running?.kill('SIGINT')
  expect(await again.ended).toBe(0)
  expect(leftRunning()).toEqual([])
}, 180_000)

it('says what to do when the port is taken', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { text, ended } = await start(/taken/)
  expect(await ended).toBe(1)
  expect(text).toMatch(new RegExp(`Port ${port} is taken by another program[^]*npm start -- --port`))
  expect(text).not.toMatch(/\n\s+at /)
  server.close()
})

it('says that it is running already', async () => {
  await start(/Ctrl-C/, '--no-demo')
  const first = running
  const second = await start(/already/)
  expect(await second.ended).toBe(1)
  expect(second.text).toContain('already running')
  first?.kill('SIGINT')
  await new Promise((resolve) => first?.once('close', resolve))
}, 120_000)
