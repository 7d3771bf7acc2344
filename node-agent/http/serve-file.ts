/** `GET|HEAD /api/stream/:token`: the file itself, whole or by range. */
import { AppError } from '#protocol/errors.ts'
import type { HttpRequest, HttpResponse } from '../http-exchange.ts'
import type { FileDescription, StreamFile } from '../media/stream-files.ts'
import type { ByteRange } from '../torrents/read-range.ts'
import { selectRange } from './byte-range.ts'
import { checkPreconditions, rangeCounts } from './preconditions.ts'

/** What is to be answered, before anything has been opened. */
export type FilePlan =
  | { kind: 'headers'; response: HttpResponse }
  | { kind: 'bytes'; status: 200 | 206; headers: Record<string, string>; range: ByteRange }

/**
 * `no-store`: a link is good for one person and for minutes, and a film in a browser's cache would outlive both a
 * sign-out and a revocation. What the player needs again it has in its own buffer, or asks for by range.
 */
const cacheControl = 'private, no-store'

/** Throws `range_unsatisfiable` (its response needs `unsatisfiableHeaders`) and `precondition_failed`. */
export function planFile({ method, headers }: HttpRequest, file: FileDescription): FilePlan {
  const { sizeBytes, etag, contentType } = file
  const common = {
    'accept-ranges': 'bytes',
    etag,
    'cache-control': cacheControl,
    'x-content-type-options': 'nosniff',
  }
  const precondition = checkPreconditions(headers, etag)
  if (precondition === 'failed') throw new AppError('precondition_failed', 'The file is not the one that was meant.')
  if (precondition === 'not_modified') return { kind: 'headers', response: { status: 304, headers: common } }
  const whole = { ...common, 'content-type': contentType, 'content-length': String(sizeBytes) }
  // Range is defined for GET alone (RFC 9110 §14.2): a HEAD with one is answered as without.
  if (method === 'HEAD') return { kind: 'headers', response: { status: 200, headers: whole } }
  const selected = rangeCounts(headers, etag) ? selectRange(headers.range, sizeBytes) : ({ kind: 'whole' } as const)
  if (selected.kind === 'unsatisfiable') {
    throw new AppError('range_unsatisfiable', 'The file has no such part. Ask for one that begins before its end.')
  }
  if (selected.kind === 'whole') {
    return { kind: 'bytes', status: 200, headers: whole, range: { start: 0, end: sizeBytes - 1 } }
  }
  const { start, end } = selected
  const part = { 'content-length': String(end - start + 1), 'content-range': `bytes ${start}-${end}/${sizeBytes}` }
  return { kind: 'bytes', status: 206, headers: { ...whole, ...part }, range: { start, end } }
}

/** What a 416 says besides its error (RFC 9110 §15.5.17). */
export const unsatisfiableHeaders = ({ sizeBytes }: FileDescription) => ({
  'content-range': `bytes */${sizeBytes}`,
  'accept-ranges': 'bytes',
})

/** The bytes of a plan. Throws `disk_full` before the first byte rather than after it. */
export function fileBytes(file: StreamFile, { start, end }: ByteRange, signal: AbortSignal): AsyncIterable<Uint8Array> {
  if (end >= start) file.check(start)
  return file.read({ start, end }, signal)
}
