/** Sample tables of MP4s: as mediabunny reads them, and none of what is damaged or hostile. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { EncodedPacketSink } from 'mediabunny'
import { describe, expect, it } from 'vitest'
import { bigBuckBunnyFile } from '../../testing/big-buck-bunny.ts'
import { readSampleTables } from './mp4-table.ts'
import { openInput } from './open-input.ts'

const film = readFileSync(bigBuckBunnyFile)
const read = async (start: number, end: number) => film.subarray(start, end)

const words = (...numbers: number[]) => {
  const bytes = Buffer.alloc(numbers.length * 4)
  for (const [n, number] of numbers.entries()) bytes.writeUInt32BE(number, n * 4)
  return bytes
}
const box = (type: string, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([words(body.length + 8), Buffer.from(type, 'latin1'), body])
}
/** Every frame one byte and one tick long, all in one chunk. */
function moovOf(count: number, tracks: number): Buffer {
  const stbl = box(
    'stbl',
    ...[box('stts', words(0, 1, count, 1)), box('stsz', words(0, 1, count))],
    ...[box('stsc', words(0, 1, 1, count, 1)), box('stco', words(0, 1, 0))],
  )
  const trak = (id: number) =>
    box(
      'trak',
      box('tkhd', words(0, 0, 0, id)),
      box('mdia', box('mdhd', words(0, 0, 0, 1000, 0, 0)), box('minf', stbl)),
    )
  return box('moov', box('mvhd', words(0, 0, 0, 1000)), ...Array.from({ length: tracks }, (_, n) => trak(n + 1)))
}

describe('the sample tables of an MP4', () => {
  it('say of every frame what mediabunny says', async () => {
    const tables = await readSampleTables(film.length, read)
    const { input, close } = openInput(film.length, read, film.length * 2)
    const tracks = await input.getTracks()
    expect(tracks).toHaveLength(2)
    for (const track of tracks) {
      if (!track.isVideoTrack() && !track.isAudioTrack()) continue
      const table = tables?.find(({ trackId }) => trackId === track.id)
      const sink = new EncodedPacketSink(track)
      let n = 0
      for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
        expect(table?.seconds[n]).toBeCloseTo(packet.timestamp, 6)
        expect(table?.sizes[n]).toBe(packet.byteLength)
        expect(table?.isKey(n)).toBe(packet.type === 'key')
        n++
      }
      expect(n).toBe(table?.count)
      const first = await sink.getFirstPacket()
      const { offsets, sizes } = table ?? {}
      const from = offsets?.[0] ?? 0
      expect(film.subarray(from, from + (sizes?.[0] ?? 0)).equals(first?.data ?? new Uint8Array(0))).toBe(true)
    }
    close()
  })

  it('are none of a small file whose tracks claim millions of frames each', async () => {
    const claims = (count: number, tracks: number) => {
      const bytes = moovOf(count, tracks)
      return readSampleTables(bytes.length, async (start, end) => bytes.subarray(start, end))
    }
    expect((await claims(1_000_000, 2))?.map(({ count }) => count)).toEqual([1_000_000, 1_000_000])
    expect(await claims(1_000_000, 500)).toBeUndefined()
    expect(await claims(4_000_000_000, 1)).toBeUndefined()
  })

  it('are none, or some, of any damaged file, and never a crash', async () => {
    const head = film.subarray(0, 40_000)
    const damage = fc.array(fc.tuple(fc.nat(39_999), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Uint8Array.from(head)
        for (const [at, value] of changes) bytes[at] = value
        const part = async (start: number, end: number) => bytes.subarray(start, Math.min(end, bytes.length))
        for (const table of (await readSampleTables(bytes.length, part)) ?? []) {
          expect(table.offsets).toHaveLength(table.count)
        }
      }),
      { numRuns: 200 },
    )
  })
})
