import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFilm } from '../../testing/make-film.ts'
import { decodeSound, decodingComplaints } from '../../testing/read-packets.ts'
import { temporaryDirectory } from '../../testing/temporary-directory.ts'
import { filmOf, openTestMaking } from '../../testing/test-making.ts'
import type { Film, FilmInside } from '../film.ts'
import type { MadeRendition } from './recipe.ts'

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source]
const context = { signal: new AbortController().signal, streamId: 'stream-1', correlationId: 'correlation-1' }

async function firstSegment(directory: string, film: Film, rendition: MadeRendition) {
  const making = await openTestMaking(directory)
  const init = await making.makeRendition(film, rendition, undefined, context)
  const segment = await making.makeRendition(film, rendition, 0, context)
  await making.close()
  return [init.bytes, segment.bytes]
}

async function picture(
  name: string,
  args: string[],
  height: 1080 | 720 | 480,
  changes: Partial<FilmInside['tracks']['video'][0]> = {},
) {
  const directory = temporaryDirectory()
  const contentType = name.endsWith('.mkv') ? 'video/x-matroska' : 'video/mp2t'
  const film = await filmOf(await makeFilm(name, args), contentType)
  const [track] = film.inside.tracks.video
  if (!track) throw new Error('the film has no picture')
  // Of a transport stream only ffprobe can tell the length.
  film.inside.durationSeconds ??= 2
  Object.assign(track, changes)
  const parts = await firstSegment(directory, film, {
    kind: 'video',
    trackId: track.id,
    made: { heightPixels: height },
  })
  expect(await decodingComplaints(directory, parts)).toBe('')
  const path = join(directory, 'made.mp4')
  writeFileSync(path, Buffer.concat(parts))
  const shown = 'stream=width,height,sample_aspect_ratio,pix_fmt,profile,level,color_transfer,field_order'
  const text = execFileSync('ffprobe', ['-v', 'error', '-show_entries', shown, '-of', 'json', path], {
    encoding: 'utf8',
  })
  return (JSON.parse(text) as { streams: Record<string, unknown>[] }).streams[0]
}

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']

describe('made pictures', () => {
  it.each([
    ['never larger than the film', '480x270', 720, [480, 270]],
    ['with odd sizes made even', '853x481', 480, [852, 480]],
    ['a film wider than 16:9 fitted by its width', '1920x800', 720, [1280, 534]],
    ['one that stands upright fitted as if it lay', '540x960', 480, [480, 854]],
  ] as const)('%s', async (_fact, size, height, [width, made]) => {
    const yuv444 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p']
    const shown = await picture(
      `size-${size}.mkv`,
      [...lavfi(`testsrc2=size=${size}:rate=24:duration=1`), ...yuv444],
      height,
    )
    expect(shown).toMatchObject({ width, height: made, pix_fmt: 'yuv420p', profile: 'High' })
  })

  it('squares the pixels of an anamorphic, interlaced transport stream', async () => {
    const interlaced = ['-vf', 'setsar=64/45,interlace', ...x264, '-flags', '+ilme+ildct']
    const source = lavfi('testsrc2=size=720x576:rate=50:duration=2')
    const shown = await picture('dvd.ts', [...source, ...interlaced], 480, {
      ...{ isInterlaced: true, width: 1024, height: 576 },
    })
    expect(shown).toMatchObject({ width: 854, height: 480, sample_aspect_ratio: '1:1', field_order: 'progressive' })
  })

  // Of Dolby Vision 8 the picture that is there for everybody is one of these (its records are passed over).
  it.each([
    ['HDR10', 'smpte2084', 'hdr10'],
    ['HLG', 'arib-std-b67', 'hlg'],
  ] as const)('maps %s to the colours of an ordinary screen, in 8 bits', async (name, transfer, kind) => {
    const hdr = ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc']
    const encoder = ['-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le']
    const source = lavfi('testsrc2=size=640x360:rate=24:duration=1')
    const film = [...source, ...encoder, '-x265-params', 'log-level=none', ...hdr]
    // Found by our own look inside, not told.
    const shown = await picture(`${name}.mkv`, film, 480)
    expect((await filmOf(await makeFilm(`${name}.mkv`, film), 'video/x-matroska')).inside.tracks.video[0]?.hdr).toBe(
      kind,
    )
    expect(shown).toMatchObject({ pix_fmt: 'yuv420p', color_transfer: 'bt709' })
  })

  it.each([
    ['as MP4 names it', { codec: 'dvh1.05.06' }],
    ['as Matroska tells it', { codec: 'hvc1.2.4.L120.B0', hdr: 'dolby-vision' }],
  ] as const)('refuses Dolby Vision 5 in words, %s', async (_how, changes) => {
    const source = lavfi('testsrc2=size=640x360:rate=24:duration=1')
    await expect(picture('dolby.mkv', [...source, ...x264], 480, changes)).rejects.toMatchObject({
      code: 'not_playable',
      message: expect.stringContaining('Dolby Vision'),
    })
  })
})

describe('made sound', () => {
  it.each([
    ['dts.mkv', ['-c:a', 'dca', '-strict', '-2']],
    ['truehd.mkv', ['-c:a', 'truehd', '-strict', '-2']],
    ['eac3.mkv', ['-c:a', 'eac3']],
    ['flac.mkv', ['-c:a', 'flac']],
  ])('mixes six channels at their loudest into two that do not clip, the centre kept: %s', async (name, codec) => {
    const directory = temporaryDirectory()
    const loud =
      'aevalsrc=exprs=0.98*sin(440*2*PI*t)|0.98*sin(440*2*PI*t)|0.98*sin(440*2*PI*t)|0|0.98*sin(440*2*PI*t)|0.98*sin(440*2*PI*t):c=5.1:s=48000:d=3'
    const film = await filmOf(
      await makeFilm(name, [...lavfi('color=black:size=64x64:rate=24:duration=3'), ...lavfi(loud), ...x264, ...codec]),
      'video/x-matroska',
    )
    const trackId = film.inside.tracks.audio[0]?.id ?? -1
    const parts = await firstSegment(directory, film, { kind: 'audio', trackId, made: { channels: 2 } })
    const sound = await decodeSound(directory, parts)
    const middle = sound.subarray(48_000, 96_000)
    expect(middle.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(1)
    expect(middle.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeGreaterThan(0.7)
  })

  // The loudest is where the back is added: left of two, left side of six.
  it.each([
    [2, 0],
    [6, 4],
  ] as const)('mixes eight channels at their loudest into %i that do not clip', async (channels, loudest) => {
    const directory = temporaryDirectory()
    const tone = '0.98*sin(440*2*PI*t)'
    const loud = `aevalsrc=exprs=${[tone, tone, tone, 0, tone, tone, tone, tone].join('|')}:c=7.1:s=48000:d=3`
    const film = await filmOf(
      await makeFilm('7.1.mkv', [
        ...[...lavfi('color=black:size=64x64:rate=24:duration=3'), ...lavfi(loud), ...x264, '-c:a', 'flac'],
      ]),
      'video/x-matroska',
    )
    const [track] = film.inside.tracks.audio
    expect(track?.channels).toBe(8)
    const parts = await firstSegment(directory, film, { kind: 'audio', trackId: track?.id ?? -1, made: { channels } })
    const middle = (await decodeSound(directory, parts, loudest)).subarray(48_000, 96_000)
    const peak = middle.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    expect(peak).toBeLessThan(1)
    expect(peak).toBeGreaterThan(0.7)
  })
})
