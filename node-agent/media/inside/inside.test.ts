/** What is found inside Matroska films made by ffmpeg: chapters, attachments, subtitles, groups of pictures; and pure tables. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { isIdr, saysOpenGop } from './keyframe-kind.ts'
import { languageTag } from './language-tag.ts'
import { markersOf } from './markers.ts'
import { probe } from './probe.ts'

const look = async (path: string, isWhole = true) => {
  const bytes = readFileSync(path)
  const read = async (start: number, end: number) => bytes.subarray(start, end)
  return probe({ sizeBytes: bytes.length, read, isWhole }, new AbortController().signal, {
    ...{ command: 'ffmpeg', environment: { PATH: process.env.PATH ?? '' } },
  })
}
const film = ['-f', 'lavfi', '-i', 'testsrc2=s=192x108:r=24:d=12', '-f', 'lavfi', '-i', 'sine=d=12']
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '48']

describe('inside a film', () => {
  it('says of interlaced H.264 in a transport stream how high a whole frame is, and what ffmpeg calls each track', async () => {
    const interlaced = ['-flags', '+ildct+ilme', '-x264opts', 'tff=1']
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=720x576:r=25:d=3', '-f', 'lavfi', '-i', 'sine=d=3']
    // Sound first: ffmpeg's order is not that of pictures and sound.
    const order = ['-map', '1:a', '-map', '0:v', '-c:a', 'mp2']
    const path = await makeFilm('interlaced.ts', [...source, ...order, ...x264, ...interlaced])
    const found = await look(path)
    expect(found?.tracks.video).toEqual([
      expect.objectContaining({ width: 720, height: 576, isInterlaced: true, framesPerSecond: 25 }),
    ])
    const indexes = new Map(found?.streamIndexes?.map(({ trackId, index }) => [trackId, index]))
    expect(indexes.get(found?.tracks.video[0]?.id ?? -1)).toBe(1)
    expect(indexes.get(found?.tracks.audio[0]?.id ?? -1)).toBe(0)
  })

  it('finds chapters, markers, attachments and subtitle tracks', async () => {
    const folder = temporaryDirectory()
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const chapter = (start: number, end: number, title: string) =>
      `[CHAPTER]\nTIMEBASE=1/1\nSTART=${start}\nEND=${end}\ntitle=${title}\n`
    const chapters = file(
      'c.txt',
      `;FFMETADATA1\n${chapter(0, 3, 'Opening')}${chapter(3, 9, 'One')}${chapter(9, 12, 'Abspann')}`,
    )
    const text = file('s.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello\n')
    const font = file('font.ttf', 'not really a font')
    const path = join(folder, 'film.mkv')
    const { execFileSync } = await import('node:child_process')
    const inputs = [...film, '-i', text, '-i', chapters, '-map_metadata', '3', '-map', '0', '-map', '1', '-map', '2']
    const attach = ['-attach', font, '-metadata:s:t', 'mimetype=font/ttf']
    const named = ['-metadata:s:s:0', 'language=ger', '-disposition:s:0', 'forced']
    execFileSync('ffmpeg', ['-v', 'error', ...inputs, ...x264, '-c:a', 'ac3', '-c:s', 'srt', ...named, ...attach, path])
    const found = await look(path)
    expect(found?.chapters.map(({ name, startSeconds }) => [name, startSeconds])).toEqual([
      ['Opening', 0],
      ['One', 3],
      ['Abspann', 9],
    ])
    expect(found?.markers.map(({ kind, endSeconds }) => [kind, Math.round(endSeconds)])).toEqual([
      ['intro', 3],
      ['credits', 12],
    ])
    const [attachment] = found?.attachments ?? []
    expect(attachment).toMatchObject({ name: 'font.ttf', mimeType: 'font/ttf', sizeBytes: 17 })
    const { startByte = 0 } = attachment ?? {}
    expect(
      readFileSync(path)
        .subarray(startByte, startByte + 17)
        .toString(),
    ).toBe('not really a font')
    expect(found?.tracks.subtitles).toEqual([
      { id: 'e3', kind: 'text', format: 'subrip', language: 'de', isForced: true },
    ])
    expect(found?.subtitleEntries[0]).toMatchObject({ trackId: 'e3', trackNumber: 3, codecId: 'S_TEXT/UTF8' })
    expect(found?.subtitleEntries[0]?.cues[0]?.atSeconds).toBeCloseTo(1, 1)
  })

  it.each<[string, string[], boolean]>([
    ['a closed GOP', ['closed.mkv', ...film, ...x264, '-bf', '2', '-c:a', 'aac'], true],
    [
      'an open GOP',
      ['open.mkv', ...film, ...x264, '-bf', '2', '-x264-params', 'open-gop=1:keyint=48', '-c:a', 'aac'],
      false,
    ],
    [
      'an open GOP whose encoder does not say',
      [
        'mute.mkv',
        ...film,
        ...x264,
        '-bf',
        '2',
        '-x264-params',
        'open-gop=1:keyint=48',
        '-bsf:v',
        'filter_units=remove_types=6',
        '-c:a',
        'aac',
      ],
      false,
    ],
    [
      'an open GOP in MP4',
      [
        'open.mp4',
        ...film,
        ...x264,
        '-bf',
        '2',
        '-x264-params',
        'open-gop=1:keyint=48',
        '-bsf:v',
        'filter_units=remove_types=6',
        '-c:a',
        'aac',
      ],
      false,
    ],
    [
      'HEVC with open groups',
      [
        'open-hevc.mkv',
        ...film,
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-x265-params',
        'log-level=none:keyint=48',
        '-c:a',
        'aac',
      ],
      false,
    ],
  ])('tells %s', async (_what, [name = '', ...args], isClosed) => {
    const found = await look(await makeFilm(name, args), false)
    expect(found?.keyframes).toMatchObject({ isClosed })
    expect(found?.keyframes?.timesSeconds.length).toBeGreaterThanOrEqual(5)
  })

  it.each<[string, string[], object]>([
    [
      'AVI',
      ['film.avi', ...film, '-c:v', 'mpeg4', '-c:a', 'mp3'],
      { video: [{ format: 'mpeg4', width: 192 }], audio: [{ format: 'mp3' }] },
    ],
    [
      'MPEG-TS in fields',
      ['fields.ts', ...film, ...x264, '-flags', '+ildct+ilme', '-x264opts', 'tff=1', '-c:a', 'aac'],
      { video: [{ codec: expect.stringMatching(/^avc1/) }], audio: [{ codec: 'mp4a.40.2' }] },
    ],
  ])('asks ffprobe about %s', async (_what, [name = '', ...args], tracks) => {
    const found = await look(await makeFilm(name, args))
    expect(found?.tracks).toMatchObject(tracks)
    expect(found?.durationSeconds).toBeCloseTo(12, 0)
    expect(found?.keyframes).toBeUndefined()
  })

  const stream = (audio: string[], name = 'film.ts') =>
    makeFilm(name, [...film, ...x264, '-bf', '2', '-metadata:s:a:0', 'language=ger', ...audio])

  it('has an index of a transport stream that is whole, and none of one that is arriving', async () => {
    const path = await stream(['-c:a', 'aac'])
    const found = await look(path)
    expect(found).toMatchObject({ isOfWhole: true, keyframes: { isClosed: true }, packets: { strideBytes: 188 } })
    expect(found?.keyframes?.timesSeconds.map(Math.round)).toEqual([0, 2, 4, 6, 8, 10])
    expect(found?.durationSeconds).toBeCloseTo(12, 0)
    expect(found?.tracks.audio).toEqual([expect.objectContaining({ codec: 'mp4a.40.2', language: 'de' })])
    const arriving = await look(path, false)
    expect(arriving?.keyframes).toBeUndefined()
    expect(arriving?.durationSeconds).toBeCloseTo(12, 0)
  })

  it('ends a transport stream that was cut short where its last picture does', async () => {
    const whole = readFileSync(await stream(['-c:a', 'aac']))
    const path = join(temporaryDirectory(), 'short.ts')
    writeFileSync(path, whole.subarray(0, Math.floor(whole.length * 0.6)))
    const { durationSeconds = 0, keyframes } = (await look(path)) ?? {}
    expect(durationSeconds).toBeGreaterThan(5)
    expect(durationSeconds).toBeLessThan(10)
    expect(keyframes?.timesSeconds.at(-1)).toBeLessThan(durationSeconds)
  })

  it.each<[string, string[], { format: string; channels?: number }]>([
    ['layer II, which no browser decodes', ['-c:a', 'mp2', '-ac', '2'], { format: 'mp2', channels: 2 }],
    ['LATM', ['-c:a', 'aac', '-mpegts_flags', 'latm'], { format: 'aac_latm' }],
    ['Opus', ['-c:a', 'libopus', '-ac', '2'], { format: 'opus', channels: 2 }],
  ])('lists sound of a transport stream that is not copied: %s', async (_what, audio, track) => {
    const bytes = readFileSync(await stream(audio))
    const read = async (start: number, end: number) => bytes.subarray(start, end)
    const reader = { sizeBytes: bytes.length, read, isWhole: true }
    const found = await probe(reader, new AbortController().signal)
    expect(found?.tracks.audio).toEqual([expect.objectContaining({ format: track.format, language: 'de' })])
    expect(found?.tracks.audio[0]?.codec).toBeUndefined()
    const told = await look(await stream(audio))
    expect(told?.tracks.audio).toEqual([expect.objectContaining({ ...track, id: found?.tracks.audio[0]?.id })])
    expect(told?.streamIndexes).toContainEqual({ trackId: found?.tracks.audio[0]?.id, index: 1 })
  })

  it.each<[Uint8Array, 'h264' | 'hevc', boolean | undefined]>([
    [Uint8Array.of(0, 0, 0, 1, 9, 0, 0, 0, 1, 0x65), 'h264', true],
    [Uint8Array.of(0, 0, 0, 1, 6, 0, 0, 0, 1, 0x41), 'h264', false],
    [Uint8Array.of(0, 0, 0, 1, 19 << 1), 'hevc', true],
    [Uint8Array.of(0, 0, 0, 1, 21 << 1), 'hevc', false],
    [Uint8Array.of(0, 0, 0, 1, 7), 'h264', undefined],
  ])('knows an IDR when it sees one (%#)', (frame, codec, expected) => {
    expect(isIdr(codec, frame, 4)).toBe(expected)
  })

  it('believes what encoders write of themselves', () => {
    expect(saysOpenGop(Buffer.from('x264 - options: open_gop=0 weightp=2'))).toBe(false)
    expect(saysOpenGop(Buffer.from('x264 - options: open_gop=1 weightp=2'))).toBe(true)
    expect(saysOpenGop(Buffer.from('x265 options: no-open-gop rc'))).toBe(false)
    expect(saysOpenGop(Buffer.from('x265 options: keyint=48 open-gop rc'))).toBe(true)
    expect(saysOpenGop(Buffer.from('someone else'))).toBeUndefined()
  })

  it.each([
    ['eng', 'en'],
    ['ger', 'de'],
    ['fre', 'fr'],
    ['pt-BR', 'pt-BR'],
    ['und', undefined],
    ['!!', undefined],
    [undefined, undefined],
  ])('calls %s %s', (code, tag) => expect(languageTag(code)).toBe(tag))

  it.each([
    ['Intro', 'intro'],
    ['Opening Credits', 'intro'],
    ['Vorspann', 'intro'],
    ['Générique de fin', 'credits'],
    ['End Credits', 'credits'],
    ['Previously on', 'recap'],
    ['Was bisher geschah', 'recap'],
    ['Next time', 'preview'],
    ['オープニング', 'intro'],
    ['Chapter 3', undefined],
    ['The Introvert', undefined],
  ])('takes the chapter "%s" for %s', (name, kind) => {
    const [marker] = markersOf([{ startSeconds: 10, endSeconds: 70, name }], 100)
    expect(marker?.kind).toBe(kind)
  })
})
