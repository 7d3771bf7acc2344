/** What ffprobe may do with a file that a stranger made. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { tool } from '../../testing/test-making.ts'
import { askFfprobe } from './ffprobe.ts'

it.each([
  ['a playlist', (at: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n${at}/1.ts\n#EXT-X-ENDLIST\n`],
  ['a list of films', (at: string) => `ffconcat version 1.0\nfile ${at}/1.ts\n`],
])('never opens an address that %s names', async (_what, write) => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked++
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const bytes = Buffer.from(write(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  const film = {
    ...{ sizeBytes: bytes.length, isWhole: true },
    read: async (start: number, end: number) => bytes.subarray(start, end),
  }
  expect(await askFfprobe(film, tool, AbortSignal.timeout(15_000))).toBeUndefined()
  expect(asked).toBe(0)
})
