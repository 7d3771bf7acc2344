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
