/** Subtitles and chapters inside MP4s that ffmpeg made. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf } from '../../testing/test-making.ts'
import type { Film } from '../film.ts'
import { tx3gText } from '../inside/tx3g-text.ts'
import { createSubtitleMakers } from './make-subtitles.ts'
import { wvttTexts } from './mp4-window.ts'

const srt =
  '1\n00:00:01,000 --> 00:00:03,000\nFirst\n\n2\n00:00:58,000 --> 00:01:02,000\nÀ travers\n\n3\n00:01:10,000 --> 00:01:12,000\nLate\n'
const chapter = (from: number, to: number, title: string) =>
  `[CHAPTER]\nTIMEBASE=1/1\nSTART=${from}\nEND=${to}\ntitle=${title}\n`

async function textFilm(): Promise<Film> {
  const folder = temporaryDirectory()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const inputs = ['-f', 'lavfi', '-i', 'testsrc=s=320x180:r=10:d=80', '-f', 'lavfi', '-i', 'sine=d=80']
  const texts = [
    '-i',
    file('a.srt', srt),
    '-i',
    file('c.txt', `;FFMETADATA1\n${chapter(0, 5, 'Opening')}${chapter(5, 80, 'Zwei')}`),
  ]
  const maps = ['-map', '0', '-map', '1', '-map', '2', '-map_metadata', '3']
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '20', '-c:a', 'aac', '-c:s', 'mov_text']
  const said = ['-metadata:s:s:0', 'language=fre', '-metadata:s:s:0', 'title=Full']
  return filmOf(await makeFilm('text.mp4', [...inputs, ...texts, ...maps, ...codecs, ...said]), 'video/mp4')
}

describe('an MP4', () => {
  it('has its subtitle tracks listed, and its chapters, of which none is a subtitle', async () => {
    const { inside } = await textFilm()
    expect(inside.tracks.subtitles).toEqual([{ id: 'e3', kind: 'text', format: 'tx3g', language: 'fr', name: 'Full' }])
    expect(inside.chapters).toEqual([
      { startSeconds: 0, name: 'Opening' },
      { startSeconds: 5, name: 'Zwei' },
    ])
    expect(inside.markers.map(({ kind }) => kind)).toEqual(['intro'])
  })

  it('has its text read by windows, across their border too, and little else', async () => {
    const film = await textFilm()
    let bytesRead = 0
    const read: Film['read'] = (start, end, signal) => {
      bytesRead += end - start
      return film.read(start, end, signal)
    }
    const { subtitle } = createSubtitleMakers({ read: () => undefined })
    const context = { signal: new AbortController().signal, streamId: 's', correlationId: 'c' }
    const windows: string[][] = []
    for (const index of [0, 1]) {
      const wanted = { kind: 'subtitle', trackId: 'e3', index, format: 'vtt' } as const
      const { bytes } = await subtitle({ ...film, read }, wanted, context)
      windows.push(
        Buffer.from(bytes)
          .toString()
          .split('\n\n')
          .slice(1)
          .map((text) => text.trim())
          .filter(Boolean),
      )
    }
    expect(windows[0]).toEqual(['00:00:01.000 --> 00:00:03.000\nFirst', '00:00:58.000 --> 00:01:02.000\nÀ travers'])
    expect(windows[1]).toEqual(['00:00:58.000 --> 00:01:02.000\nÀ travers', '00:01:10.000 --> 00:01:12.000\nLate'])
    expect(bytesRead).toBeLessThan(film.sizeBytes / 4)
  })
})

describe('samples of timed text', () => {
  const box = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    const head = Buffer.alloc(8)
    head.writeUInt32BE(8 + body.length)
    head.write(type, 4, 'latin1')
    return Buffer.concat([head, body])
  }

  it('of WebVTT hold several cues, each with its settings', () => {
    const first = box('vttc', box('sttg', Buffer.from('line:10%')), box('payl', Buffer.from('Über <b>uns</b>')))
    const second = box('vttc', box('payl', Buffer.from('Two')))
    expect(wvttTexts(Buffer.concat([first, second]))).toEqual([
      { markup: 'Über <b>uns</b>', settings: 'line:10%' },
      { markup: 'Two', settings: '' },
    ])
    expect(wvttTexts(box('vtte'))).toEqual([])
  })

  it('of 3GPP are UTF-8, or UTF-16 that says so', () => {
    expect(tx3gText(Buffer.from('\x00\x05Helloxxxx', 'latin1'))).toBe('Hello')
    expect(tx3gText(Buffer.from([0, 6, 0xfe, 0xff, 0, 0x41, 0x30, 0x42]))).toBe('Aあ')
  })

  it('are something or nothing when damaged, and never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(typeof tx3gText(bytes)).toBe('string')
        expect(Array.isArray(wvttTexts(bytes))).toBe(true)
      }),
    )
  })
})
