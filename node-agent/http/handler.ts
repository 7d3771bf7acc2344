/** The agent's own request handler, the same behind every transport: routes, tokens, errors, logs. */
import { CORRELATION_HEADER, correlationIdFrom } from '#protocol/correlation.ts'
import { AppError, toErrorData } from '#protocol/errors.ts'
import type { StreamScope } from '#protocol/stream-token.ts'
import { readStreamPath, type StreamResource, type StreamResourceKind } from '#protocol/stream-url.ts'
import type { HttpHandle, HttpRequest, HttpResponse } from '../http-exchange.ts'
import { type Log, torrentLabel } from '../log.ts'
import type { Made, MadeResource, MakeResource } from '../media/make-resource.ts'
import type { Authorize, Authorized } from './authorize.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { errorResponse, isInternal, jsonResponse } from './error-response.ts'
import { fileBytes, planFile, unsatisfiableHeaders } from './serve-file.ts'
import { statusEvents, statusHeaders, statusTold } from './serve-status.ts'

export type HandlerOptions = {
  authorize: Authorize
  make: MakeResource
  /** The one browser origin that may read answers; undefined until the edge has named it. */
  appOrigin: () => string | undefined
  /** What `GET /health` says: nothing that a stranger on the Wi-Fi should not know. */
  health: () => object
  /** Whether players are to go on elsewhere; never unless said otherwise. */
  isLeaving?: () => boolean
  /** Whether a film that is not whole gets nothing more now; never unless said otherwise. */
  isVpnDown?: () => boolean
  log: Log
}

type Viewing = Authorized & { request: HttpRequest; signal: AbortSignal }

export function createHandler(options: HandlerOptions): HttpHandle {
  const { authorize, make, appOrigin, health, log, isLeaving = () => false, isVpnDown = () => false } = options

  const serveFile = async (viewing: Viewing): Promise<HttpResponse> => {
    const { request, claims, signal, admission, description } = viewing
    try {
      const plan = planFile(request, description)
      if (plan.kind === 'headers') {
        admission.release()
        return plan.response
      }
      const file = await description.open({ signal, correlationId: claims.correlationId })
      const bytes = fileBytes(file, plan.range, signal)
      return { status: plan.status, headers: plan.headers, body: logged(viewing, bytes) }
    } catch (error) {
      const isRange = error instanceof AppError && error.code === 'range_unsatisfiable'
      if (!isRange) throw error
      admission.release()
      return errorResponse(error, unsatisfiableHeaders(description))
    }
  }

  const serveStatus = async (viewing: Viewing): Promise<HttpResponse> => {
    const { request, claims, signal, description } = viewing
    if (request.method === 'HEAD') {
      viewing.admission.release()
      return { status: 200, headers: statusHeaders }
    }
    const file = await description.open({ signal, correlationId: claims.correlationId })
    file.hold(signal)
    return {
      status: 200,
      headers: statusHeaders,
      body: logged(
        viewing,
        statusEvents(() => statusTold(file.status(), { isLeaving: isLeaving(), isVpnDown: isVpnDown() }), signal),
      ),
    }
  }

  const serveMade = async (viewing: Viewing, resource: MadeResource): Promise<HttpResponse> => {
    const { request, claims, signal, admission } = viewing
    const { correlationId, streamId } = claims
    const made = await make(claims, resource, { signal, correlationId, streamId })
    const headers = madeHeaders(made)
    if (request.method === 'HEAD') {
      await made.rest?.return()
      admission.release()
      return { status: 200, headers }
    }
    return { status: 200, headers, body: logged(viewing, whole(made)) }
  }

  const serve = (viewing: Viewing, resource: StreamResource): Promise<HttpResponse> => {
    if (resource.kind === 'file') return serveFile(viewing)
    return resource.kind === 'status' ? serveStatus(viewing) : serveMade(viewing, resource)
  }

  const serveStream = async (request: HttpRequest, token: string, resource: StreamResource): Promise<HttpResponse> => {
    const authorized = await authorize(token, scopeOf(resource.kind), request.streamId)
    const { claims, admission } = authorized
    const stream = new AbortController()
    const { signal } = stream
    signal.addEventListener('abort', admission.release, { once: true })
    // Not by `AbortSignal.any`: that costs as much as finding the bytes, and keeps what has listeners until it aborts.
    for (const cause of [request.signal, admission.signal]) {
      if (cause.aborted) stream.abort(cause.reason)
      else cause.addEventListener('abort', () => stream.abort(cause.reason), { once: true })
    }
    try {
      const response = await serve({ ...authorized, request, signal }, resource)
      const headers = { ...response.headers, [CORRELATION_HEADER]: claims.correlationId }
      return { ...response, headers, ...(response.body ? { cut: admission.signal } : {}) }
    } catch (error) {
      stream.abort(error)
      throw error
    }
  }

  /** Passes the bytes on, and says at the end how many they were and why there are no more. */
  async function* logged(
    viewing: Viewing,
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    const { claims, admission } = viewing
    const startedAt = performance.now()
    let sent = 0
    let reason = 'left'
    try {
      for await (const chunk of bytes) {
        sent += chunk.length
        yield chunk
      }
      reason = 'done'
    } catch (error) {
      reason = viewing.request.signal.aborted ? 'left' : toErrorData(error).code
      if (!viewing.signal.aborted && isInternal(error)) log.error('read_failed', error, { streamId: claims.streamId })
      throw error
    } finally {
      admission.release()
      log.info('read_ended', {
        streamId: claims.streamId,
        correlationId: claims.correlationId,
        torrent: torrentLabel(viewing.description.infoHash),
        bytes: sent,
        milliseconds: Math.round(performance.now() - startedAt),
        reason,
      })
    }
  }

  const route = async (request: HttpRequest): Promise<HttpResponse> => {
    const { method, path } = request
    const stream = readStreamPath(path)
    if (!stream && path !== '/health') throw new AppError('not_found', 'There is nothing at this address.')
    if (method === 'OPTIONS') {
      const headers = preflightHeaders(request.headers, appOrigin())
      if (!headers) throw new AppError('cross_site', 'Only the pages of this household’s Porchlight may ask.')
      return { status: 204, headers }
    }
    if (method !== 'GET' && method !== 'HEAD') {
      const response = errorResponse(new AppError('not_allowed', 'This address can only be read.'))
      return { ...response, headers: { ...response.headers, allow: 'GET, HEAD, OPTIONS' } }
    }
    return stream ? serveStream(request, stream.token, stream.resource) : jsonResponse(200, health())
  }

  return async (request) => {
    const cors = corsHeaders(request.headers, appOrigin())
    try {
      const response = await route(request)
      const { [CORRELATION_HEADER]: known } = response.headers
      return { ...response, headers: { [CORRELATION_HEADER]: known ?? asked(request), ...cors, ...response.headers } }
    } catch (error) {
      const correlationId = asked(request)
      const { code } = toErrorData(error)
      if (isInternal(error) && !request.signal.aborted) log.error('request_failed', error, { correlationId })
      else log.info('request_refused', { correlationId, method: request.method, code })
      return errorResponse(error, { [CORRELATION_HEADER]: correlationId, ...cors })
    }
  }
}

const asked = ({ headers }: HttpRequest) => correlationIdFrom(headers[CORRELATION_HEADER])

/** Whoever asks for more has passed the bytes on; who leaves may still hold them, and then they are not used again. */
async function* whole({ bytes, release, rest }: Made): AsyncGenerator<Uint8Array> {
  try {
    yield bytes
    release?.()
    if (rest) yield* rest
  } finally {
    await rest?.return()
  }
}

/** What a token must allow for each kind; all that is the film itself is `media`. */
function scopeOf(kind: StreamResourceKind): StreamScope {
  if (kind === 'thumbnail') return 'thumbnails'
  return kind === 'subtitle' || kind === 'subtitle-head' || kind === 'font' ? 'subtitles' : 'media'
}

/** `no-store` for the reason that the file itself has it (serve-file.ts). How long it is nobody knows while it is made. */
const madeHeaders = ({ contentType, bytes, rest }: Made) => ({
  'content-type': contentType,
  ...(rest ? {} : { 'content-length': String(bytes.length) }),
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
})
