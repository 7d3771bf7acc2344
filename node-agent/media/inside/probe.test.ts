/** What is found inside films, real, damaged and hostile. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { readBigBuckBunny } from '../../testing/big-buck-bunny.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { probe } from './probe.ts'

vi.setConfig({ testTimeout: 30_000 })

const live = () => new AbortController().signal
async function look(bytes: Uint8Array, { sizeBytes = bytes.length, isWhole = false } = {}) {
  let fetched = 0
  const found = await probe(
    {
      sizeBytes,
      async read(start, end) {
        fetched += end - start
        return bytes.subarray(start, end)
      },
      isWhole,
    },
    live(),
  )
  return { found, fetched }
}

describe('probe', () => {
  it('finds tracks and length of a real film, and reads little of it', async () => {
    const bytes = readBigBuckBunny()
    const { found, fetched } = await look(bytes)
    expect(found?.tracks.video).toEqual([expect.objectContaining({ codec: 'avc1.640028', width: 1920, height: 1080 })])
    expect(found?.tracks.audio).toEqual([expect.objectContaining({ codec: 'mp4a.40.2', channels: 6 })])
    expect(found?.durationSeconds).toBeCloseTo(30, 0)
    expect(fetched).toBeLessThan(bytes.length / 10)
  })

  it.each([
    ['film.mkv', ['-c:v', 'libx264', '-c:a', 'ac3', '-metadata:s:a:0', 'language=ger'], 'ac-3', 'de'],
    ['film.webm', ['-c:v', 'libvpx', '-c:a', 'libopus', '-metadata:s:a:0', 'language=eng'], 'opus', 'en'],
  ])('reads %s, with its language', async (name, codecs, audioCodec, language) => {
    const file = join(temporaryDirectory(), name)
    const inputs = ['-f', 'lavfi', '-i', 'testsrc=s=320x240:d=2', '-f', 'lavfi', '-i', 'sine=d=2']
    execFileSync('ffmpeg', ['-v', 'error', ...inputs, ...codecs, file])
    const { found } = await look(readFileSync(file))
    expect(found?.tracks.video).toEqual([expect.objectContaining({ width: 320, height: 240 })])
    expect(found?.tracks.audio).toEqual([expect.objectContaining({ codec: audioCodec, channels: 1, language })])
    expect(found?.durationSeconds).toBeCloseTo(2, 0)
  })

  it('believes no film that says it is thirty years long', async () => {
    const file = join(temporaryDirectory(), 'film.mkv')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=320x240:d=2', '-c:v', 'libx264', file])
    const bytes = readFileSync(file)
    // The element of Duration, of eight bytes (RFC 9559 §5.1.2.10); in milliseconds.
    const at = bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3
    expect(bytes.readDoubleBE(at)).toBeCloseTo(2000, 0)
    bytes.writeDoubleBE(1e12, at)
    const { found } = await look(bytes)
    expect(found?.tracks.video).toHaveLength(1)
    expect(found?.durationSeconds).toBeUndefined()
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['text', Buffer.from('this is no film at all')],
    ['half a film', readBigBuckBunny().subarray(0, 40)],
    ['a box without end', Buffer.from('000000186674797069736f6d0000020069736f6d69736f32ffffffff6d6f6f76', 'hex')],
  ])('finds nothing in %s, and lives', async (_what, bytes) => {
    const { found } = await look(bytes, { sizeBytes: 10_000_000_000 })
    expect(found?.tracks.video ?? []).toEqual([])
  })

  it('finds something or nothing in any damaged film', async () => {
    const film = readBigBuckBunny()
    const damage = fc.array(fc.tuple(fc.nat(4000), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Uint8Array.from(film.subarray(0, 200_000))
        for (const [at, value] of changes) bytes[at] = value
        await look(bytes)
      }),
      { numRuns: 40 },
    )
  })

  it('passes on what reading throws', async () => {
    const failing = async () => {
      throw new Error('no such byte')
    }
    await expect(probe({ sizeBytes: 1000, read: failing, isWhole: false }, live())).rejects.toThrow('no such byte')
  })

  it('ends with the reason of whoever gave up', async () => {
    const abort = new AbortController()
    const never = () =>
      new Promise<Uint8Array>((_resolve, reject) =>
        abort.signal.addEventListener('abort', () => reject(abort.signal.reason)),
      )
    const outcome = expect(probe({ sizeBytes: 1000, read: never, isWhole: false }, abort.signal)).rejects.toThrow(
      'left',
    )
    abort.abort(new Error('left'))
    await outcome
  })
})
