/** Pure: how an answer that broke off in the middle is asked for again by another way, so that its reader notices nothing. */

/** What is known of the answer that broke off, from its head; `gotBytes` of its body were handed on. */
export type BrokenOff = { status: number; headers: Headers; gotBytes: number }

/** `headers` go with the new request; so many bytes of its answer are left out. */
export type Resumption = { headers: Record<string, string>; skipBytes: number }

/** A file goes on from its byte, by its tag; what is made (a segment, a playlist) is asked for from its beginning. */
export function resumption({ status, headers, gotBytes }: BrokenOff, asked: Headers): Resumption {
  const kept = Object.fromEntries(asked)
  if (gotBytes === 0) return { headers: kept, skipBytes: 0 }
  const etag = tagOf(headers)
  const range = rangeOf(status, headers)
  if (!range || etag === undefined || headers.get('accept-ranges') !== 'bytes')
    return { headers: kept, skipBytes: gotBytes }
  return {
    headers: { ...kept, range: `bytes=${range.first + gotBytes}-${range.last}`, 'if-range': etag },
    skipBytes: 0,
  }
}

/** Whether the second answer goes on with what the first began. */
export function isSame(
  first: BrokenOff,
  again: { status: number; headers: Headers },
  { skipBytes }: Resumption,
): boolean {
  const [tagBefore, tagNow] = [tagOf(first.headers), tagOf(again.headers)]
  if (tagBefore !== undefined && tagNow !== undefined && tagBefore !== tagNow) return false
  const [was, is] = [lengthOf(first.headers), lengthOf(again.headers)]
  if (was === undefined || is === undefined) return again.status === first.status
  // From its byte on, a file that was asked for whole is answered as a part.
  const isPart = skipBytes === 0 && first.gotBytes > 0
  return isPart ? again.status === 206 && is === was - first.gotBytes : again.status === first.status && is === was
}

function rangeOf(status: number, headers: Headers): { first: number; last: number } | undefined {
  if (status === 206) {
    const [, first, last] = /^bytes (\d{1,15})-(\d{1,15})\//.exec(headers.get('content-range') ?? '') ?? []
    return first === undefined || last === undefined ? undefined : { first: Number(first), last: Number(last) }
  }
  const length = lengthOf(headers)
  return status === 200 && length !== undefined && length > 0 ? { first: 0, last: length - 1 } : undefined
}

/** What stands between home and here may have weakened it (RFC 9110 §8.8.1): the bytes are the same all the same. */
const tagOf = (headers: Headers): string | undefined => headers.get('etag')?.replace(/^W\//, '')

function lengthOf(headers: Headers): number | undefined {
  const length = headers.get('content-length')
  return length === null || !/^\d{1,15}$/.test(length) ? undefined : Number(length)
}
