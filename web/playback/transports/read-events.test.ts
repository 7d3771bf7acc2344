import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readEvents } from './read-events.ts'

async function* inPieces(text: string, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((one, other) => one - other)
  let from = 0
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to)
    from = to
  }
}

async function read(text: string, cuts: readonly number[] = []): Promise<(string | undefined)[]> {
  const events: (string | undefined)[] = []
  for await (const event of readEvents(inPieces(text, cuts))) events.push(event)
  return events
}

it('gives the data of each event, and tells of comments, however the bytes were cut', async () => {
  const text = ': here\n\ndata: {"a":1}\n\nevent: x\ndata: ä\ndata:two\n\n: still\r\ndata: last\r\n\r\ndata: cut off'
  const expected = [undefined, '{"a":1}', 'ä\ntwo', undefined, 'last']
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(200), { maxLength: 12 }), async (cuts) => {
      expect(await read(text, cuts)).toEqual(expected)
    }),
  )
})

it('never reads on for ever', async () => {
  await expect(read(`data: ${'x'.repeat(70_000)}`)).rejects.toThrow('no end')
})
