/** What becomes of the connections that parts are posted over. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createPostPart } from './post-part.ts'

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('part')
}
const part = { path: '/part', headers: {}, bodyBytes: 4 }

/** Through a server that counts the connections that were made to it. */
async function start() {
  let connections = 0
  const server = createServer((request, response) => request.resume().on('end', () => response.writeHead(204).end()))
  server.on('connection', () => connections++)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const post = createPostPart(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    post.close()
    server.close()
  })
  const send = () => post({ ...part, body: bytes() }, AbortSignal.timeout(5000))
  return { post, send, connections: () => connections }
}

it('a part goes over the connection of the one before', async () => {
  const { send, connections } = await start()
  await send()
  await send()
  expect(connections()).toBe(1)
})

it('a part goes over a new connection once those that nobody uses are forgotten', async () => {
  const { post, send, connections } = await start()
  await send()
  post.forgetIdle()
  await send()
  expect(connections()).toBe(2)
})

it('what is being posted is not cut off when idle connections are forgotten', async () => {
  const { post, send, connections } = await start()
  await send()
  const running = send()
  post.forgetIdle()
  await running
  expect(connections()).toBe(1)
})
