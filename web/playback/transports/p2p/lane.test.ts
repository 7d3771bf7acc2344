import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeToHome, encodeToViewer, type ToHome, type ToViewer, WINDOW_BYTES } from '#protocol/p2p.ts'
import { Lane, type LaneChannel } from './lane.ts'

/** Home's end of a channel: what the viewer said, and a way to answer. */
class Home extends EventTarget {
  readyState: RTCDataChannelState = 'open'
  binaryType: BinaryType = 'blob'
  heard: ToHome[] = []
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.readyState !== 'open') throw new DOMException('closed', 'InvalidStateError')
    this.heard.push(decodeToHome(bytes))
  }
  close(): void {
    this.readyState = 'closed'
    this.dispatchEvent(new Event('close'))
  }
  say(message: ToViewer): void {
    this.sayBytes(encodeToViewer(message))
  }
  sayBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.dispatchEvent(new MessageEvent('message', { data: bytes.buffer }))
  }
}

let home: Home
function lane(): Lane {
  home = new Home()
  return new Lane(home as unknown as LaneChannel)
}
const bytesOf = (length: number, fill = 1) => new Uint8Array(length).fill(fill)
const head = (id: number, headers = {}): ToViewer => ({ type: 'head', id, head: { status: 206, headers } })
afterEach(() => home.close())

describe('a lane', () => {
  it('sends a request and gives its answer as fetch does', async () => {
    const answer = lane().fetch('/api/stream/t', { headers: { Range: 'bytes=0-9' } })
    expect(home.heard).toMatchObject([
      { type: 'request', request: { method: 'GET', path: '/api/stream/t', headers: { range: 'bytes=0-9' } } },
    ])
    home.say(head(0, { 'content-range': 'bytes 0-9/10' }))
    const response = await answer
    expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 0-9/10'])
    home.say({ type: 'body', id: 0, bytes: bytesOf(4, 7) })
    home.say({ type: 'body', id: 0, bytes: bytesOf(6, 8) })
    home.say({ type: 'end', id: 0 })
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([7, 7, 7, 7, 8, 8, 8, 8, 8, 8])
  })

  it('keeps the answers of many requests apart, however they are mixed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { maxLength: 60 }), async (turns) => {
        const one = lane()
        const answers = Array.from({ length: 5 }, () => one.fetch('/api/stream/t'))
        for (let id = 0; id < 5; id++) home.say(head(id))
        for (const id of turns) home.say({ type: 'body', id, bytes: bytesOf(3, id) })
        for (let id = 0; id < 5; id++) home.say({ type: 'end', id })
        for (const [id, answer] of answers.entries()) {
          const got = new Uint8Array(await (await answer).arrayBuffer())
          expect(got).toEqual(bytesOf(3 * turns.filter((turn) => turn === id).length, id))
        }
        expect(one.load).toBe(0)
      }),
      { numRuns: 30 },
    )
  })

  it('gives credit for what was read, and none for what waits to be', async () => {
    const answer = lane().fetch('/api/stream/t')
    home.say(head(0))
    const reader = (await answer).body?.getReader()
    const part = 32 * 1024
    for (let sent = 0; sent < WINDOW_BYTES; sent += part) home.say({ type: 'body', id: 0, bytes: bytesOf(part) })
    await new Promise((next) => setTimeout(next))
    const credits = () => home.heard.filter((message) => message.type === 'credit')
    expect(credits()).toEqual([])
    let read = 0
    while (read < WINDOW_BYTES / 2) read += (await reader?.read())?.value?.length ?? 0
    const given = credits().reduce((sum, message) => sum + (message.type === 'credit' ? message.bytes : 0), 0)
    expect(given).toBeLessThanOrEqual(read)
    expect(given).toBeGreaterThan(0)
  })

  it.each<[string, (response: Response, leaving: AbortController) => unknown]>([
    ['its signal aborts', (_, leaving) => leaving.abort()],
    ['its reader leaves', (response) => response.body?.cancel()],
  ])('cancels at home when %s, and listens to it no more', async (_, leave) => {
    const leaving = new AbortController()
    const one = lane()
    const answer = one.fetch('/api/stream/t', { signal: leaving.signal })
    home.say(head(0))
    const response = await answer
    await leave(response, leaving)
    home.say({ type: 'body', id: 0, bytes: bytesOf(10) })
    expect(home.heard.at(-1)).toEqual({ type: 'cancel', id: 0 })
    expect(one.load).toBe(0)
  })

  it('asks nothing for whoever has left already', async () => {
    await expect(lane().fetch('/api/stream/t', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(home.heard).toEqual([])
  })

  it('fails what is under way when the connection goes, before the head and in the body', async () => {
    const one = lane()
    const answers = [one.fetch('/api/stream/t'), one.fetch('/api/stream/t')] as const
    home.say(head(0))
    const response = await answers[0]
    home.close()
    await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'LaneBroke' })
    await expect(answers[1]).rejects.toMatchObject({ name: 'LaneBroke' })
    await expect(one.fetch('/api/stream/t')).rejects.toMatchObject({ name: 'LaneBroke' })
  })

  it.each([
    ['busy', 'LaneBroke'],
    ['token_for_another_file', 'AppError'],
  ] as const)('says with what home could not answer: %s', async (code, name) => {
    const answer = lane().fetch('/api/stream/t')
    home.say({ type: 'failed', id: 0, error: { code, message: 'No.' } })
    await expect(answer).rejects.toMatchObject({ name })
  })

  it('closes when home says what nobody understands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async (noise) => {
        const one = lane()
        const answer = one.fetch('/api/stream/t')
        // Of any type but a viewer's own: 0 is none.
        home.sayBytes(new Uint8Array([0, ...noise]))
        await expect(answer).rejects.toMatchObject({ name: 'LaneBroke' })
        expect(one.isOpen).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  it('has no body for a HEAD', async () => {
    const answer = lane().fetch('/api/stream/t', { method: 'HEAD' })
    home.say(head(0, { 'content-length': '10' }))
    home.say({ type: 'end', id: 0 })
    expect((await answer).body).toBeNull()
  })
})
