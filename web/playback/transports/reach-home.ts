/** One request by one transport: over the network, or over the data channel, which is opened when it is first needed. */
import type { AppError } from '#protocol/errors.ts'
import { type IceServer, readP2pPath } from '#protocol/p2p-signalling.ts'
import type { StreamUrl, Transport } from '#protocol/stream-url.ts'
import { readRefusal, Unreachable } from '../../failure.ts'
import type { PeerLink } from './p2p/peer-link.ts'
import { during } from './within.ts'

/** Opens a data channel to the home of a stream. */
export type OpenLink = (
  streamId: string,
  wanted: { iceServers: readonly IceServer[]; signal: AbortSignal },
) => Promise<PeerLink>

/** A connection that takes longer is not worth waiting for. */
const OPEN_WITHIN_MS = 8000

export type HomeAddresses = {
  streamId: string
  urls: readonly StreamUrl[]
  iceServers: readonly IceServer[]
  /** Undefined where this browser opens none. */
  openLink: OpenLink | undefined
  /** Whether this browser may ask a direct address at all. */
  mayAsk: (url: string) => boolean
}

/** Pure: a stream's addresses by one transport, whose token may have been renewed between them. */
export const isSameButToken = (one: string, other: string): boolean =>
  one.slice(0, one.lastIndexOf('/')) === other.slice(0, other.lastIndexOf('/'))

export class ReachHome {
  #addresses: HomeAddresses
  /** Of several direct addresses the one that answered. */
  #directOrigin: string | undefined
  #link: Promise<PeerLink> | undefined
  /** The same, once it is there. */
  #linked: PeerLink | undefined
  #closed = new AbortController()

  constructor(addresses: HomeAddresses) {
    this.#addresses = addresses
  }

  /** Whether a request by data channel would leave at once. */
  get isLinkOpen(): boolean {
    return this.#linked?.isOpen ?? false
  }

  /** Those that may be asked. */
  get urls(): readonly StreamUrl[] {
    const { urls, mayAsk } = this.#addresses
    return urls.filter(({ transport, url }) => transport !== 'direct' || mayAsk(url))
  }

  /** Their tokens are newer; the connection stays. */
  renewed(urls: readonly StreamUrl[]): void {
    this.#addresses = { ...this.#addresses, urls }
  }

  urlOf(transport: Transport): string | undefined {
    const urls = this.urls.filter((url) => url.transport === transport)
    return (urls.find(({ url }) => new URL(url).origin === this.#directOrigin) ?? urls[0])?.url
  }

  /** `beneath` begins with a slash, or is empty for the stream itself. Throws what the transport throws. */
  async fetch(transport: Transport, beneath: string, init: RequestInit): Promise<Response> {
    const url = this.urlOf(transport)
    if (url === undefined) throw new Unreachable(`There is no way by ${transport}.`)
    if (transport !== 'p2p') return fetch(`${url}${beneath}`, { ...init, credentials: 'omit', cache: 'no-store' })
    const path = readP2pPath(new URL(url).pathname)?.path
    if (path === undefined) throw new Unreachable('This is no address of a data channel.')
    const link = await during(this.#opened(), init.signal)
    return link.fetch(`${path}${beneath}`, init)
  }

  /** Asks for one byte; of several direct addresses all, of which the first that answers is used from then on. */
  async ask(transport: Transport, signal: AbortSignal): Promise<'answers' | 'silent' | AppError> {
    if (transport !== 'direct') return askForOneByte((init) => this.fetch(transport, '', init), signal)
    const over = new AbortController()
    const refusals: AppError[] = []
    const direct = this.urls.filter((url) => url.transport === 'direct')
    try {
      await Promise.any(
        direct.map(async ({ url }) => {
          const asked = AbortSignal.any([signal, over.signal])
          const outcome = await askForOneByte(
            (init) => fetch(url, { ...init, credentials: 'omit', cache: 'no-store' }),
            asked,
          )
          if (outcome !== 'answers' && outcome !== 'silent') refusals.push(outcome)
          if (outcome !== 'answers' || asked.aborted) throw new Unreachable('No answer.')
          this.#directOrigin = new URL(url).origin
        }),
      )
      return 'answers'
    } catch {
      return refusals[0] ?? 'silent'
    } finally {
      over.abort()
    }
  }

  /** Leaves the connection, if there is one: the next request opens another. */
  dropLink(): void {
    this.setLinkAside().drop()
  }

  /**
   * The next request opens another connection; what is under way stays on the one there is, until it is dropped. `keep`
   * goes back to it, and leaves the other.
   */
  setLinkAside(): { keep: () => void; drop: () => void } {
    const [link, linked] = [this.#link, this.#linked]
    this.#link = undefined
    this.#linked = undefined
    const drop = () => void link?.then((open) => open.close()).catch(() => undefined)
    const keep = () => {
      if (this.#closed.signal.aborted) return drop()
      this.dropLink()
      this.#link = link
      this.#linked = linked
    }
    return { keep, drop }
  }

  close(): void {
    this.#closed.abort(new DOMException('The film was left.', 'AbortError'))
    this.dropLink()
  }

  async #opened(): Promise<PeerLink> {
    const known = this.#link
    const link = await known?.catch(() => undefined)
    if (link?.isOpen) return link
    if (this.#link === known) this.dropLink()
    if (this.#link) return this.#link
    const opening = this.#open()
    this.#link = opening
    const opened = await opening
    if (this.#link === opening) this.#linked = opened
    return opened
  }

  async #open(): Promise<PeerLink> {
    const { streamId, iceServers, openLink } = this.#addresses
    if (!openLink) throw new Unreachable('This browser opens no data channels.')
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(OPEN_WITHIN_MS)])
    return openLink(streamId, { iceServers, signal })
  }
}

/** Asks for one byte by this fetch. A single simple range needs no CORS preflight (Fetch §2.2.2). */
async function askForOneByte(
  fetchByWay: (init: RequestInit) => Promise<Response>,
  signal: AbortSignal,
): Promise<'answers' | 'silent' | AppError> {
  try {
    const response = await fetchByWay({ headers: { range: 'bytes=0-0' }, signal })
    if (response.ok) {
      await response.body?.cancel()
      return 'answers'
    }
    return readRefusal(await response.json()) ?? 'silent'
  } catch {
    return 'silent'
  }
}
