import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Transport } from '#protocol/stream-url.ts'
import { answerGoingOn } from './answer-going-on.ts'

const film = Uint8Array.from({ length: 997 }, (_, at) => at % 251)
const file = { etag: '"film"', 'accept-ranges': 'bytes' }

/** Answers as home does, and breaks off after so many bytes each time, until the list is used up. */
function homeThatBreaks(breaksAfter: readonly number[], { hasRanges }: { hasRanges: boolean }) {
  let asked = 0
  const ranges: (string | undefined)[] = []
  const ask = async (_: Transport, { headers }: RequestInit): Promise<Response> => {
    const range = new Headers(headers).get('range') ?? undefined
    ranges.push(range)
    const [, first = '0', last = ''] = (hasRanges && /^bytes=(\d+)-(\d*)$/.exec(range ?? '')) || []
    const part = film.subarray(Number(first), last === '' ? film.length : Number(last) + 1)
    const breakAt = breaksAfter[asked++]
    const chunks = breakAt === undefined ? [part] : [part.subarray(0, breakAt % part.length)]
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = chunks.shift()
        if (chunk) return void (chunk.length > 0 ? controller.enqueue(chunk) : controller.error(new TypeError('broke')))
        if (breakAt === undefined) controller.close()
        else controller.error(new TypeError('broke'))
      },
    })
    const isPart = hasRanges && range !== undefined
    return new Response(body, {
      status: isPart ? 206 : 200,
      headers: {
        ...(hasRanges ? file : {}),
        'content-length': String(part.length),
        ...(isPart && { 'content-range': `bytes ${first}-${Number(first) + part.length - 1}/${film.length}` }),
      },
    })
  }
  return { ask, ranges }
}

const never = new AbortController().signal
const about = (ask: (transport: Transport, init: RequestInit) => Promise<Response>, init: RequestInit = {}) => ({
  ...{ init, ask, goesOn: true },
  now: () => ({ transport: 'direct' as const, leaving: never }),
  lost: async () => undefined,
})

it('gives every byte once, wherever the ways break off', async () => {
  const breaks = fc.array(fc.nat(996), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(breaks, fc.boolean(), fc.option(fc.nat(900)), async (breaksAfter, hasRanges, from) => {
      const { ask } = homeThatBreaks(breaksAfter, { hasRanges })
      const init = hasRanges && from !== null ? { headers: { range: `bytes=${from}-` } } : {}
      const response = await answerGoingOn(about(ask, init))
      const expected = hasRanges && from !== null ? film.subarray(from) : film
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

it('goes on with a file from its byte, and does not ask for what it has', async () => {
  const { ask, ranges } = homeThatBreaks([100], { hasRanges: true })
  await (await answerGoingOn(about(ask))).arrayBuffer()
  expect(ranges).toEqual([undefined, 'bytes=100-996'])
})

it('fails, and mixes no two files, when home answers with another one', async () => {
  const { ask } = homeThatBreaks([100], { hasRanges: true })
  const changing = async (transport: Transport, init: RequestInit) => {
    const response = await ask(transport, init)
    if (new Headers(init.headers).has('range')) response.headers.set('etag', '"another"')
    return response
  }
  const response = await answerGoingOn(about(changing))
  await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'Unreachable' })
})

it('does not go on for ever', async () => {
  const { ask, ranges } = homeThatBreaks(Array(100).fill(1), { hasRanges: true })
  await expect((await answerGoingOn(about(ask))).arrayBuffer()).rejects.toThrow('broke')
  expect(ranges.length).toBeLessThan(10)
})

it('asks again by the way that is taken by then, without finding another, when the first is left', async () => {
  const leaving = new AbortController()
  const asked: Transport[] = []
  const { ask } = homeThatBreaks([], { hasRanges: true })
  const response = await answerGoingOn({
    ...about(ask),
    now: () =>
      leaving.signal.aborted
        ? { transport: 'relay', leaving: never }
        : { transport: 'direct', leaving: leaving.signal },
    ask: async (transport, init) => {
      asked.push(transport)
      if (transport === 'relay') return ask(transport, init)
      return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('left', 'AbortError')))
        queueMicrotask(() => leaving.abort())
      })
    },
    lost: () => expect.unreachable('it was left, not lost'),
  })
  expect(asked).toEqual(['direct', 'relay'])
  expect((await response.arrayBuffer()).byteLength).toBe(film.length)
})

it('hands a refusal on as it is', async () => {
  const ask = async () => new Response('{"error":{}}', { status: 401 })
  expect((await answerGoingOn(about(ask))).status).toBe(401)
})

it('tells whoever has left nothing but that', async () => {
  const leaving = new AbortController()
  leaving.abort()
  const ask = async (_: Transport, { signal }: RequestInit) => {
    signal?.throwIfAborted()
    return new Response('x')
  }
  await expect(answerGoingOn(about(ask, { signal: leaving.signal }))).rejects.toMatchObject({ name: 'AbortError' })
})
