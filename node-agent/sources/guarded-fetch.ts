/** The only way a provider asks anything of the world: paced, bounded in time and bytes, and never led into the home. */
import { lookup as dnsLookup } from 'node:dns'
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { isPrivateAddress } from '../private-address.ts'
import { publicLookup } from '../public-lookup.ts'
import { retryAfterSeconds } from '../retry-after.ts'
import type { Pace } from './pace.ts'
import { ProviderFailure } from './provider-failure.ts'

export type Fetched = { status: number; headers: IncomingHttpHeaders; bytes: Buffer; url: URL }

export type Asking = {
  signal: AbortSignal
  /** A person waits for it. */
  isAwaited?: boolean
  /** Of the body, once unpacked. */
  mostBytes: number
  accept: string
  /** A redirect is answered with instead of followed. */
  keepsRedirects?: boolean
}

/** Rejects with a `ProviderFailure`, or with the signal's reason. Any other status than 401, 403, 429 and 5xx is an answer. */
export type GuardedFetch = (address: URL, asking: Asking) => Promise<Fetched>

/** How what is asked leaves this machine. */
export type WayOut = {
  /** Whether anything may leave now; it may unless said otherwise. */
  readonly isOpen?: boolean
  /** Resolves when something may leave, with a signal that aborts when it no longer may. */
  open(signal: AbortSignal): Promise<AbortSignal>
  /** The address that sockets are bound to; undefined is any. */
  localAddress(): string | undefined
  /** Names as well are looked up there; the system's way unless said otherwise. */
  lookup?: typeof dnsLookup
}

export const anyWayOut: WayOut = { open: async (signal) => signal, localAddress: () => undefined }

const MOST_REDIRECTS = 4

export function createGuardedFetch(options: {
  /** Addresses that the operator entered: these alone may be at home, and may be asked without TLS. */
  entered: readonly string[]
  timeoutSeconds: number
  pace: Pace
  userAgent: string
  wayOut?: WayOut
  lookup?: typeof dnsLookup
}): GuardedFetch {
  const { entered, timeoutSeconds, pace, userAgent, wayOut = anyWayOut, lookup = wayOut.lookup ?? dnsLookup } = options
  const isEntered = (url: URL) => entered.includes(url.origin)

  const askOnce = (url: URL, { accept }: Asking, signal: AbortSignal) => {
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isEntered(url))) {
      throw notAllowed(url, 'is not asked without TLS')
    }
    if (url.username !== '' || url.password !== '') throw notAllowed(url, 'comes with a password in its address')
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    // A literal address never passes through `lookup`.
    if (isIP(literal) !== 0 && !isEntered(url) && isPrivateAddress(literal)) throw notAllowed(url, 'lies in the home')
    const localAddress = wayOut.localAddress()
    return new Promise<IncomingMessage>((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
        // A connection of its own: none outlives what it was opened for.
        agent: false,
        headers: { 'user-agent': userAgent, accept, 'accept-encoding': 'gzip, deflate, br' },
        lookup: isEntered(url)
          ? (lookup as LookupFunction)
          : publicLookup(lookup, () => notAllowed(url, 'lies in the home')),
        maxHeaderSize: 32 * 1024,
        signal,
        ...(localAddress === undefined ? {} : { localAddress }),
      })
      request.on('response', resolve)
      request.on('error', reject)
      request.end()
    })
  }

  const follow = async (first: URL, asking: Asking, signal: AbortSignal): Promise<Fetched> => {
    let url = first
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      await pace.turn(asking.isAwaited === true, signal)
      const response = await askOnce(url, asking, signal)
      const { statusCode: status = 0, headers } = response
      const { location } = headers
      if (status >= 300 && status <= 399 && location !== undefined && !asking.keepsRedirects) {
        response.destroy()
        if (!URL.canParse(location, url.href))
          throw new ProviderFailure('malformed', `${url.hostname} leads to no address`)
        url = new URL(location, url)
        continue
      }
      const refusal = refusalOf(url, status, headers)
      if (refusal) {
        response.destroy()
        throw refusal
      }
      return { status, headers, url, bytes: await readBody(response, url, asking.mostBytes) }
    }
    throw new ProviderFailure('malformed', `${first.hostname} leads on and on`)
  }

  return async (address, asking) => {
    asking.signal.throwIfAborted()
    const mayLeave = await wayOut.open(asking.signal)
    const ended = AbortSignal.any([asking.signal, mayLeave, AbortSignal.timeout(timeoutSeconds * 1000)])
    try {
      return await follow(address, asking, ended)
    } catch (cause) {
      asking.signal.throwIfAborted()
      if (cause instanceof ProviderFailure) throw cause
      const { hostname } = address
      if (mayLeave.aborted) throw new ProviderFailure('unreachable', 'nothing may leave now')
      if (ended.aborted) throw new ProviderFailure('timed_out', `${hostname} did not answer in ${timeoutSeconds} s`)
      throw new ProviderFailure('unreachable', `${hostname} cannot be reached`, { cause })
    }
  }
}

const notAllowed = ({ hostname }: URL, problem: string) => new ProviderFailure('not_allowed', `${hostname} ${problem}`)

function refusalOf({ hostname }: URL, status: number, headers: IncomingHttpHeaders): ProviderFailure | undefined {
  if (status === 429 || status === 503) {
    const seconds = retryAfterSeconds(headers['retry-after'], Date.now())
    return new ProviderFailure('busy', `${hostname} asks for patience (${status})`, {
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    })
  }
  if (status === 401 || status === 403 || status >= 500 || status < 200) {
    return new ProviderFailure('refused', `${hostname} answered ${status}`)
  }
  return undefined
}

/** A small body may unpack into a huge one: what counts is what comes out. */
async function readBody(response: IncomingMessage, url: URL, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  const packed = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const unpack = {
    identity: undefined,
    '': undefined,
    gzip: createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }
  if (!Object.hasOwn(unpack, packed)) throw new ProviderFailure('malformed', `${url.hostname} packs in an unknown way`)
  const stream = unpack[packed as keyof typeof unpack]?.()
  // Broken in the middle: the unpacker would wait for ever.
  if (stream) response.on('error', (error) => stream.destroy(error))
  try {
    for await (const chunk of stream ? response.pipe(stream) : response) {
      sizeBytes += (chunk as Buffer).length
      if (sizeBytes > mostBytes) throw new ProviderFailure('too_large', `${url.hostname} answers without end`)
      chunks.push(chunk as Buffer)
    }
  } finally {
    response.destroy()
  }
  return Buffer.concat(chunks)
}
