import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, readNdjson } from './read-ndjson.ts'

async function* chunks(parts: Uint8Array[]) {
  yield* parts
}

async function read(parts: Uint8Array[]): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const value of readNdjson(chunks(parts))) values.push(value)
  return values
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('newline-delimited JSON', () => {
  it('gives the same values however the bytes are cut, also inside a character', async () => {
    const cuts = fc.array(fc.nat(), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        cuts,
        fc.boolean(),
        async (values, at, endsWithNewline) => {
          const text = values.map((value) => JSON.stringify(value)).join('\n') + (endsWithNewline ? '\n' : '')
          const all = bytes(text)
          const places = [0, ...at.map((n) => n % (all.length + 1)).sort((a, b) => a - b), all.length]
          const parts = places.slice(1).map((end, i) => all.subarray(places[i], end))
          expect(await read(parts)).toEqual(JSON.parse(JSON.stringify(values)))
        },
      ),
    )
  })

  it('skips empty lines', async () => {
    expect(await read([bytes('\n\n{"a":1}\r\n\n')])).toEqual([{ a: 1 }])
  })

  it('refuses by code, and only so, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), async (parts) => {
        const outcome = await read(parts).catch((error: unknown) => error)
        if (!Array.isArray(outcome)) expect(outcome).toMatchObject({ name: 'AppError', code: 'internal' })
      }),
    )
  })

  it('does not hoard an endless line', async () => {
    const endless = Array.from({ length: 3 }, () => new Uint8Array(600_000).fill(97))
    await expect(read(endless)).rejects.toMatchObject({ code: 'internal' })
  })
})

it('leaves the rest of a body to who stops early', async () => {
  let isCancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes('{}\n')),
    cancel: () => {
      isCancelled = true
    },
  })
  for await (const value of readNdjson(chunksOf(body))) if (value) break
  expect([body.locked, isCancelled]).toEqual([false, false])
})
