import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startChild, waitUntilReady } from './child.ts'

it('stops what does not get ready, so that nothing is left running', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-child-'))
  try {
    const child = startChild({ name: 'idler', command: 'sleep', args: ['60'], logFile: join(folder, 'idler.log') })
    const waiting = waitUntilReady(child, async () => false, { timeoutMs: 300, what: 'The idler' })
    await expect(waiting).rejects.toThrow('The idler did not get ready')
    expect(child.isRunning()).toBe(false)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
