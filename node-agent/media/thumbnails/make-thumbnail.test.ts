import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf, openTestMaking } from '../../testing/test-making.ts'
import type { Film } from '../film.ts'

const context = (signal = new AbortController().signal) => ({ signal, streamId: 'stream-1', correlationId: 'c-1' })
const picture = (index: number) => ({ kind: 'thumbnail' as const, index })

/** 30 s: ten of red, ten of green, ten of blue; anamorphic, as a DVD is. */
const film = async () =>
  filmOf(
    await makeFilm('colours.mkv', [
      ...['red', 'lime', 'blue'].flatMap((colour) => [
        '-f',
        'lavfi',
        '-i',
        `color=${colour}:size=720x576:rate=25:duration=10`,
      ]),
      ...['-filter_complex', '[0][1][2]concat=n=3,setsar=64/45', '-c:v', 'libx264', '-g', '50', '-pix_fmt', 'yuv420p'],
    ]),
    'video/x-matroska',
  )

describe('makeThumbnail', () => {
  it('makes a JPEG of the moment, 320 pixels wide with the pixels square', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const { contentType, bytes } = await making.makeThumbnail(await film(), picture(1), context())
    expect(contentType).toBe('image/jpeg')
    // SOI; height and width stand in the first frame header (ITU-T T.81 §B.2.2).
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xd8])
    const jpeg = Buffer.from(bytes)
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    expect([jpeg.readUInt16BE(frame + 7), jpeg.readUInt16BE(frame + 5)]).toEqual([320, 180])
    await making.close()
  })

  it('makes it once, and keeps it over a restart', async () => {
    const directory = temporaryDirectory()
    const first = await openTestMaking(directory)
    const made = await first.makeThumbnail(await film(), picture(2), context())
    await first.close()
    const second = await openTestMaking(directory, { tool: { command: 'no-such-program', environment: {} } })
    const again = await second.makeThumbnail(await film(), picture(2), context())
    expect(Buffer.from(again.bytes)).toEqual(Buffer.from(made.bytes))
    await second.close()
  })

  it('fetches nothing: a moment whose bytes are not on disk has no picture yet', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const whole = await film()
    const half = Math.floor(whole.sizeBytes / 2)
    let fetched = 0
    // The index at the end is there, as a player has asked for it.
    const isOnDisk = (start: number, end: number) => end <= half || start >= whole.sizeBytes - 4096
    const read: Film['read'] = async (start, end, signal) => {
      if (!isOnDisk(start, end)) fetched++
      return whole.read(start, end, signal)
    }
    const partial = { ...whole, isOnDisk, read }
    await expect(making.makeThumbnail(partial, picture(2), context())).rejects.toMatchObject({ code: 'not_found' })
    expect(fetched).toBe(0)
    expect((await making.makeThumbnail(whole, picture(2), context())).bytes.length).toBeGreaterThan(100)
    await making.close()
  })

  it('answers 50 who drag across the bar at once with pictures or with busy', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const coloured = await film()
    const asked = Array.from({ length: 50 }, (_, n) => making.makeThumbnail(coloured, picture(n % 3), context()))
    const codes = (await Promise.allSettled(asked)).map((one) =>
      one.status === 'fulfilled' ? 'made' : (one.reason as { code: string }).code,
    )
    expect(new Set(codes)).toEqual(new Set(['made', 'busy']))
    await making.close()
  })

  it('is left off when whoever asked has gone, and the next who asks has it made', async () => {
    const making = await openTestMaking(temporaryDirectory())
    const coloured = await film()
    const leaving = new AbortController()
    // They go in the middle of it, while the film is being read.
    const read: Film['read'] = (_start, _end, signal) => {
      leaving.abort()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const left = making.makeThumbnail({ ...coloured, read }, picture(1), context(leaving.signal))
    await expect(left).rejects.toMatchObject({ name: 'AbortError' })
    expect((await making.makeThumbnail(coloured, picture(1), context())).bytes.length).toBeGreaterThan(100)
    await making.close()
  })

  it('has no picture beyond the end', async () => {
    const making = await openTestMaking(temporaryDirectory())
    await expect(making.makeThumbnail(await film(), picture(3), context())).rejects.toMatchObject({ code: 'not_found' })
    await making.close()
  })
})
