/** An answer from home that goes on by another way when the one it came by breaks off, without its reader noticing. */
import type { Transport } from '#protocol/stream-url.ts'
import { Unreachable } from '../../failure.ts'
import { isSame, type Resumption, resumption } from './resume-answer.ts'
import type { WayWaits } from './way-waits.ts'

/** More breaks than this within one answer are not bad luck. */
const MOST_TRIES = 5

type About = {
  init: RequestInit
  /** False for what cannot be begun again in the middle: its reader hears that it broke. */
  goesOn: boolean
  /** Watches over what is waited for; absent for what is silent by nature. */
  waits?: WayWaits
  /** The way to ask by now; `leaving` aborts when another is taken. Throws when there is none. */
  now: () => { transport: Transport; leaving: AbortSignal }
  ask: (transport: Transport, init: RequestInit) => Promise<Response>
  /** Resolves once it can be asked again; throws when no way leads home. */
  lost: (transport: Transport) => Promise<void>
}

type Answer = {
  response: Response
  transport: Transport
  leaving: AbortSignal
  wait: <Value>(pending: Promise<Value>, bytesOf: (value: Value) => number) => Promise<Value>
}

/** The answer as `fetch` gives it. Throws the reader's own reason, or what `lost` throws. */
export async function answerGoingOn(about: About): Promise<Response> {
  const first = await answerByAWay(about, {})
  const { response } = first
  if (!response.body || !response.ok) return response
  const body = about.goesOn ? bodyGoingOn(about, first) : response.body
  return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
}

async function answerByAWay(about: About, headers: Record<string, string>): Promise<Answer> {
  const { init } = about
  for (let tries = 1; ; tries++) {
    const { transport, leaving } = about.now()
    const signal = init.signal ? AbortSignal.any([init.signal, leaving]) : leaving
    const watched = about.waits?.begin()
    const wait: Answer['wait'] = (pending, bytesOf) => (watched ? watched.wait(pending, bytesOf) : pending)
    try {
      const all = { ...Object.fromEntries(new Headers(init.headers)), ...headers }
      const response = await wait(about.ask(transport, { ...init, headers: all, signal }), () => 0)
      return { response, transport, leaving, wait }
    } catch (error) {
      init.signal?.throwIfAborted()
      if (tries >= MOST_TRIES) throw error
      if (!leaving.aborted) await about.lost(transport)
    }
  }
}

function bodyGoingOn(about: About, first: Answer): ReadableStream<Uint8Array> {
  const { init } = about
  const { status, headers } = first.response
  let answer = first
  let reader = readerOf(first.response)
  let gotBytes = 0
  let skipBytes = 0
  let breaks = 0
  const again = async (error: unknown): Promise<void> => {
    init.signal?.throwIfAborted()
    if (++breaks >= MOST_TRIES) throw error
    const { transport, leaving } = answer
    if (!leaving.aborted) await about.lost(transport)
    const broken = { status, headers, gotBytes }
    const wanted: Resumption = resumption(broken, new Headers(init.headers))
    answer = await answerByAWay(about, wanted.headers)
    if (!isSame(broken, answer.response, wanted)) {
      await answer.response.body?.cancel()
      throw new Unreachable('Home answered otherwise the second time.', { cause: error })
    }
    reader = readerOf(answer.response)
    skipBytes = wanted.skipBytes
  }
  const next = async (): Promise<Uint8Array | undefined> => {
    for (;;) {
      try {
        const { done, value } = await answer.wait(reader.read(), ({ value }) => value?.length ?? 0)
        if (done) return undefined
        const rest = value.subarray(Math.min(skipBytes, value.length))
        skipBytes -= value.length - rest.length
        if (rest.length > 0) return rest
      } catch (error) {
        await again(error)
      }
    }
  }
  return new ReadableStream(
    {
      pull: async (controller) => {
        const bytes = await next()
        if (!bytes) return controller.close()
        gotBytes += bytes.length
        controller.enqueue(bytes)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

function readerOf({ body }: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (!body) throw new Unreachable('The answer had no body.')
  return body.getReader()
}
