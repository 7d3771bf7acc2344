/** A door through which ffmpeg and ffprobe read a film on this machine: its verified bytes, also while they arrive. */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeThrough } from '../../write-through.ts'
import type { Film } from '../film.ts'

/** A reader that only looks at a header is given little; one that goes on reading is given more at a time. */
const FIRST_READ_BYTES = 64 * 1024
const MOST_READ_BYTES = 1024 * 1024

export type FilmDoor = {
  /** An address on the loopback that nobody can guess, good until the door is closed: no arguments may show it. */
  url: string
  /**
   * What the film could not be read for, if it came to that. To ffmpeg a read that fails looks like the film's end, so
   * whoever believes its end asks here first.
   */
  failure(): unknown
  close(): void
}

/** Open until `close` is called or the signal aborts; then every read that is under way is given up. */
export async function openFilmDoor(film: Pick<Film, 'sizeBytes' | 'read'>, signal: AbortSignal): Promise<FilmDoor> {
  signal.throwIfAborted()
  const path = `/${randomBytes(24).toString('base64url')}`
  const closed = new AbortController()
  let failed: { error: unknown } | undefined
  const onFailure = (error: unknown) => {
    failed ??= { error }
  }
  const server = createServer({ noDelay: true }, (request, response) => {
    if (request.url !== path || !isFromHere(request)) response.writeHead(404).end()
    else if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end()
    else void answer(film, request, response, closed.signal, onFailure)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = () => {
    signal.removeEventListener('abort', close)
    closed.abort()
    server.close()
    server.closeAllConnections()
  }
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  signal.throwIfAborted()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    failure: () => failed?.error,
    close,
  }
}

/** A page that rebinds its name to the loopback sends that name (DNS rebinding); ffmpeg sends the address. */
const isFromHere = ({ headers }: IncomingMessage) => /^127\.0\.0\.1:\d+$/.test(headers.host ?? '')

async function answer(
  film: Pick<Film, 'sizeBytes' | 'read'>,
  request: IncomingMessage,
  response: ServerResponse,
  closed: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const { sizeBytes } = film
  const range = readRangeHeader(request.headers.range, sizeBytes)
  if (!range) {
    response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end()
    return
  }
  const [start, end] = range
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    'accept-ranges': 'bytes',
    'content-length': end - start,
    'content-type': 'application/octet-stream',
    ...(request.headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }),
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const left = new AbortController()
  response.once('close', () => left.abort())
  const signal = AbortSignal.any([closed, left.signal])
  try {
    let readBytes = FIRST_READ_BYTES
    for (let at = start; at < end && !signal.aborted; readBytes = Math.min(MOST_READ_BYTES, readBytes * 2)) {
      const bytes = await film.read(at, Math.min(end, at + readBytes), signal)
      if (bytes.length === 0) throw new Error('a film gave no bytes where it has some')
      at += bytes.length
      await writeThrough(response, bytes)
    }
    response.end()
  } catch (error) {
    if (!signal.aborted) onFailure(error)
    response.destroy()
  }
}

/**
 * First byte and the one after the last; undefined for what cannot be given. ffmpeg asks for `bytes=N-`, and with an
 * end when it is told to; others are no readers of ours.
 */
export function readRangeHeader(header: string | undefined, sizeBytes: number): readonly [number, number] | undefined {
  if (header === undefined) return [0, sizeBytes]
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header) ?? []
  if (first === undefined) return undefined
  const [start, end] = [Number(first), last ? Math.min(sizeBytes, Number(last) + 1) : sizeBytes]
  return start < end ? [start, end] : undefined
}
