/** Keyframes alone, of films made by ffmpeg: each is decoded by itself, at its time, which a player is told, and costs little reading. */
import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { decodingComplaints, readPackets } from '../../testing/read-packets.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf } from '../../testing/test-making.ts'
import { hlsMakers } from './hls-makers.ts'
import { keyframeTimes } from './keyframe-times.ts'
import { createCopies } from './open-copies.ts'
import { segmentGrid } from './segment-grid.ts'

const context = () => ({ signal: new AbortController().signal, correlationId: 'c', streamId: 's' })
const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48', '-bf', '2', '-c:a', 'aac']

describe.each(['film.mkv', 'film.mp4', 'film.ts'])('the keyframes of %s', (name) => {
  it('are each decoded without any other, at the beginning of their segment', async () => {
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=24:d=20', '-f', 'lavfi', '-i', 'sine=d=20']
    const path = await makeFilm(name, [...inputs, ...codec])
    const film = await filmOf(path, 'video/mp4')
    const rendition = { kind: 'video', trackId: film.inside.tracks.video[0]?.id ?? -1 } as const
    const copies = createCopies()
    const { init, iframe, iframes } = hlsMakers(copies, async () => {
      throw new Error('nothing is made here')
    })
    const directory = temporaryDirectory()
    const head = (await init?.(film, { kind: 'init', rendition }, context()))?.bytes ?? new Uint8Array()
    const grid = segmentGrid(film.inside)
    expect(grid.length).toBe(4)
    const list = await iframes?.(film, { kind: 'iframes', rendition }, context())
    expect(
      Buffer.from(list?.bytes ?? [])
        .toString()
        .match(/^i\d+\.m4s$/gm),
    ).toHaveLength(grid.length)
    const told = keyframeTimes(film.inside, rendition) ?? []
    for (const [index, { startSeconds }] of grid.entries()) {
      const made = await iframe?.(film, { kind: 'iframe', rendition, index }, context())
      const parts = [head, made?.bytes ?? new Uint8Array()]
      const packets = await readPackets(directory, parts)
      expect(packets).toHaveLength(1)
      expect(packets[0]?.isKey).toBe(true)
      // Sound may begin a little before the picture.
      expect(Math.abs((packets[0]?.time ?? -1) - startSeconds)).toBeLessThan(index === 0 ? 0.05 : 0.002)
      expect(await decodingComplaints(directory, parts)).toBe('')
      const lateSeconds = told.map((at) => at - (packets[0]?.time ?? -1))
      expect(lateSeconds.filter((late) => late >= 0 && late < 0.002)).toHaveLength(1)
    }
    const past = iframe?.(film, { kind: 'iframe', rendition, index: grid.length }, context())
    await expect(past).rejects.toMatchObject({ code: 'not_found' })
    copies.close()
  })
})
