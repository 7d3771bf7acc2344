/** The page's side of the service worker: a video element's requests are answered by the way home that this page holds. */
import { homeFetch, isByAWay } from '../ways-home.ts'
import type { FromPage, PullOrCancel, ToPage } from './page-messages.ts'

/** A browser ends a service worker that hears nothing for half a minute, and the answers that pass through it. */
const STAY_EVERY_MS = 10_000

let answering = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Answers until `signal` aborts. */
export function answerElement(container: ServiceWorkerContainer, signal: AbortSignal): void {
  const hear = ({ data, ports }: MessageEvent<ToPage>) => {
    const [port] = ports
    if (data?.type !== 'home-request' || !port) return
    void answer(data, port, signal).finally(() => stayFor(container, -1))
    stayFor(container, 1)
  }
  container.addEventListener('message', hear, { signal })
  container.startMessages()
}

async function answer({ url, method, headers }: ToPage, port: MessagePort, signal: AbortSignal): Promise<void> {
  const leaving = new AbortController()
  const say = (message: FromPage, transfer: Transferable[] = []) => port.postMessage(message, transfer)
  let pulled = Promise.withResolvers<void>()
  port.onmessage = ({ data }: MessageEvent<PullOrCancel>) => {
    if (data.type === 'cancel') leaving.abort()
    pulled.resolve()
  }
  signal.addEventListener('abort', () => leaving.abort(), { signal: leaving.signal })
  leaving.signal.addEventListener('abort', () => pulled.resolve())
  try {
    if (!isByAWay(url)) throw new TypeError('No such stream is watched here.')
    const response = await homeFetch(url, { method, headers, signal: leaving.signal })
    say({ type: 'head', status: response.status, headers: Object.fromEntries(response.headers) })
    const reader = method === 'HEAD' ? undefined : response.body?.getReader()
    for (;;) {
      await pulled.promise
      if (leaving.signal.aborted) return void (await reader?.cancel())
      pulled = Promise.withResolvers<void>()
      const read = await reader?.read()
      if (!read || read.done) return say({ type: 'end' })
      const bytes = ownBytes(read.value)
      say({ type: 'chunk', bytes }, [bytes.buffer])
    }
  } catch {
    say({ type: 'failed' })
  } finally {
    leaving.abort()
  }
}

/** Handed over and not copied, where nothing else lies in the same memory that matters. */
const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)

function stayFor(container: ServiceWorkerContainer, change: number): void {
  answering += change
  if (answering > 0) timer ??= setInterval(() => container.controller?.postMessage({ type: 'stay' }), STAY_EVERY_MS)
  else {
    clearInterval(timer)
    timer = undefined
  }
}
