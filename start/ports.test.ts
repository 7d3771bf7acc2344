import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort, isPortFree, needPort } from './ports.ts'

it('says in words which option to use when a port is taken', async () => {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  expect(await isPortFree(port, '127.0.0.1')).toBe(false)
  await expect(needPort(port, '127.0.0.1', 'home')).rejects.toThrow(/taken by another program.*\n.*--port/)
  await new Promise((resolve) => server.close(resolve))
  expect(await isPortFree(port, '127.0.0.1')).toBe(true)
  await needPort(port, '127.0.0.1', 'home')
})
