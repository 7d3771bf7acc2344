/** The end of an answer whose length nobody knows: by a part that is shorter than a full one, or said to be the last. */
import { expect, it } from 'vitest'
import { RELAY_PART_BYTES, type RelayPart } from '#protocol/relay.ts'
import { newExchange } from './exchange.ts'
import { PIECE_BYTES } from './pump.ts'

/** A body of so many bytes, made as it is read. */
function bodyOf(bytes: number): ReadableStream {
  let left = bytes
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const piece = Math.min(left, 4 * 1024 * 1024)
      left -= piece
      if (piece > 0) controller.enqueue(new Uint8Array(piece))
      if (left === 0) controller.close()
      if (piece === 0) controller.byobRequest?.respond(0)
    },
  })
}

it.each<[RelayPart['last'], number, boolean]>([
  ['short', 0, true],
  ['short', 1, true],
  ['short', RELAY_PART_BYTES, false],
  ['0', 1, false],
  ['1', 1, true],
])('takes a part "%s" of %i bytes for the last one: %s', async (last, bytes, isLast) => {
  const exchange = newExchange('GET', 'correlation-1')
  const over = exchange.pipe({ part: 0, last }, { status: 200, headers: {} }, bodyOf(bytes), {
    pieceBytes: PIECE_BYTES,
    before: () => undefined,
  })
  const reader = (await exchange.answered).body?.getReader()
  let [read, hasEnded] = [0, false]
  while (read < bytes || (isLast && !hasEnded)) {
    const { done = true, value } = (await reader?.read()) ?? {}
    read += value?.byteLength ?? 0
    hasEnded = done
  }
  expect([await over, read, hasEnded]).toEqual([isLast, bytes, isLast])
})

it('breaks an answer of unknown length off when its upload breaks off, and does not call it complete', async () => {
  const exchange = newExchange('GET', 'correlation-1')
  const upload = new IdentityTransformStream()
  const writer = upload.writable.getWriter()
  const pace = { pieceBytes: PIECE_BYTES, before: () => undefined }
  const over = exchange.pipe({ part: 0, last: 'short' }, { status: 200, headers: {} }, upload.readable, pace)
  over.catch(() => undefined)
  const reader = (await exchange.answered).body?.getReader()
  await Promise.all([writer.write(new Uint8Array(100)), reader?.read()])
  const reading = reader?.read()
  reading?.catch(() => undefined)
  await writer.abort(new Error('killed')).catch(() => undefined)
  await expect(over).rejects.toThrow()
  await expect(reading).rejects.toThrow()
})
