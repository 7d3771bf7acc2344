/**
 * The service worker: what a video element asks beneath `/p2p/` is answered by the page that the element stands in,
 * which holds the way home. It keeps nothing, and touches no other request.
 */
import type { FromPage, ToPage } from './page-messages.ts'

type Client = { postMessage(message: ToPage, transfer: Transferable[]): void }
type Waiting = Event & { waitUntil(until: Promise<unknown>): void }
type Fetching = Waiting & { request: Request; clientId: string; respondWith(response: Promise<Response>): void }
type Installing = Waiting & { addRoutes?(rules: object): Promise<void> }
type Scope = {
  addEventListener<Kind extends 'install' | 'activate' | 'message' | 'fetch'>(
    type: Kind,
    hear: (event: { install: Installing; activate: Waiting; message: Waiting; fetch: Fetching }[Kind]) => void,
  ): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void>; get(id: string): Promise<Client | undefined> }
}

const worker = self as unknown as Scope
const ROOM = '/p2p/'
/** Home may have to wait for a piece, and the page for a connection. */
const HEAD_WITHIN_MS = 60_000
/** What leaves from the app's own origin is bytes for a player, and can never be a page (see headersOf). */
const kept = ['content-length', 'content-range', 'accept-ranges', 'etag']
const mediaType = /^(?:(?:video|audio)\/[\w.+-]+|application\/vnd\.apple\.mpegurl|text\/vtt)(?:;.{0,80})?$/

worker.addEventListener('install', (event) => {
  // Nothing of an older one is kept here, so that a newer one need not wait for pages to close.
  event.waitUntil(worker.skipWaiting())
  // Where the browser can, it does not even ask for anything else.
  const others = { condition: { not: { urlPattern: `${ROOM}*` } }, source: 'network' }
  event.waitUntil(Promise.resolve(event.addRoutes?.(others)).catch(() => undefined))
})
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()))
// Whatever a page says keeps the browser from ending this worker while an answer passes through it.
worker.addEventListener('message', () => undefined)
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin || !url.pathname.startsWith(ROOM)) return
  // Only for a player, and never for an address that somebody opens.
  if (request.mode === 'navigate' || !['video', 'audio', 'track'].includes(request.destination)) return
  event.respondWith(answer(event).catch(() => Response.error()))
})

async function answer({ request, clientId }: Fetching): Promise<Response> {
  const page = await worker.clients.get(clientId)
  if (!page) return Response.error()
  const { port1: port, port2 } = new MessageChannel()
  const range = request.headers.get('range')
  page.postMessage(
    { type: 'home-request', url: request.url, method: request.method, headers: range === null ? {} : { range } },
    [port2],
  )
  request.signal.addEventListener('abort', () => port.postMessage({ type: 'cancel' }))
  const head = await nextFrom(port, AbortSignal.timeout(HEAD_WITHIN_MS))
  if (head.type !== 'head') return Response.error()
  const hasBody = request.method !== 'HEAD' && head.status !== 204 && head.status !== 304
  if (!hasBody) port.close()
  return new Response(hasBody ? bodyFrom(port) : null, { status: head.status, headers: headersOf(head.headers) })
}

/** One chunk is asked for whenever the element has taken the last: it alone decides how much is on its way. */
function bodyFrom(port: MessagePort): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull: async (controller) => {
        const next = nextFrom(port)
        port.postMessage({ type: 'pull' })
        const message = await next
        if (message.type === 'chunk') return controller.enqueue(message.bytes)
        port.close()
        if (message.type === 'end') controller.close()
        else controller.error(new TypeError('The answer broke off.'))
      },
      cancel: () => {
        port.postMessage({ type: 'cancel' })
        port.close()
      },
    },
    { highWaterMark: 0 },
  )
}

const nextFrom = (port: MessagePort, signal?: AbortSignal): Promise<FromPage> =>
  new Promise((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<FromPage>) => resolve(data)
    signal?.addEventListener('abort', () => reject(signal.reason))
  })

function headersOf(given: Record<string, string>): Headers {
  const headers = new Headers({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
  for (const name of kept) {
    const value = given[name]
    if (value !== undefined) headers.set(name, value)
  }
  const type = given['content-type'] ?? ''
  headers.set('content-type', mediaType.test(type) ? type : 'application/octet-stream')
  return headers
}
