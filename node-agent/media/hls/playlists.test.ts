/** Playlists against RFC 8216 and Apple's HLS authoring specification for devices. */
import { describe, expect, it } from 'vitest'
import type { Rendition } from '#protocol/rendition.ts'
import { nothingFound } from '../../state/probe.ts'
import type { FilmInside } from '../film.ts'
import { masterPlaylist } from './master-playlist.ts'
import { iframePlaylist, mediaPlaylist, subtitlePlaylist } from './playlists.ts'
import { segmentGrid } from './segment-grid.ts'

const inside: FilmInside = {
  ...nothingFound,
  durationSeconds: 130.5,
  tracks: {
    video: [{ id: 1, codec: 'hev1.2.4.L153.90', width: 3840, height: 1608, framesPerSecond: 23.976, hdr: 'hdr10' }],
    audio: [
      { id: 2, codec: 'ac-3', channels: 6, language: 'en', name: 'The "best" one' },
      { id: 3, codec: 'mp4a.40.2', channels: 2, language: 'de' },
      { id: 4, codec: 'dtsc', channels: 8, language: 'de' },
    ],
    subtitles: [{ id: 'e5', kind: 'text', format: 'subrip', language: 'fr', isForced: true }],
  },
  keyframes: { timesSeconds: Array.from({ length: 40 }, (_, n) => n * 3.3), isClosed: true },
}
const film = { sizeBytes: 300_000_000, inside }
const copied: Rendition[] = [
  { kind: 'video', trackId: 1 },
  { kind: 'audio', trackId: 2 },
  { kind: 'audio', trackId: 3 },
  { kind: 'audio', trackId: 4, made: { channels: 6 } },
  { kind: 'subtitles', trackId: 'e5' },
]
const lines = (text: string | undefined) => (text ?? '').split('\n')
/** Attributes of a tag, quotes taken off. */
const attributes = (line = '') =>
  Object.fromEntries(
    [...line.slice(line.indexOf(':') + 1).matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll('"', ''),
    ]),
  )

describe('a media playlist', () => {
  const text = lines(mediaPlaylist(inside, { kind: 'video', trackId: 1 }))
  const lengths = text.filter((line) => line.startsWith('#EXTINF:')).map((line) => Number.parseFloat(line.slice(8)))

  it('is a whole VOD of independent fMP4 segments', () => {
    expect(text[0]).toBe('#EXTM3U')
    expect(text).toEqual(
      expect.arrayContaining([
        '#EXT-X-VERSION:7',
        '#EXT-X-PLAYLIST-TYPE:VOD',
        '#EXT-X-INDEPENDENT-SEGMENTS',
        '#EXT-X-MAP:URI="init.mp4"',
      ]),
    )
    expect(text.at(-2)).toBe('#EXT-X-ENDLIST')
  })

  it('says how long each segment is, and together the film', () => {
    const grid = segmentGrid(inside)
    expect(lengths).toHaveLength(grid.length)
    expect(lengths.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(130.5, 3)
    for (const [n, { startSeconds, endSeconds }] of grid.entries())
      expect(lengths[n]).toBeCloseTo(endSeconds - startSeconds, 5)
  })

  it('has a target no segment exceeds when it is rounded (RFC 8216 §4.3.3.1)', () => {
    const target = Number(text.find((line) => line.startsWith('#EXT-X-TARGETDURATION:'))?.split(':')[1])
    for (const seconds of lengths) expect(Math.round(seconds)).toBeLessThanOrEqual(target)
  })

  it('names segments by relative addresses, in order', () => {
    expect(text.filter((line) => line.endsWith('.m4s'))).toEqual(lengths.map((_, n) => `${n}.m4s`))
  })

  it('is not there for a film of unknown length', () => {
    const { durationSeconds: _durationSeconds, ...unknown } = inside
    expect(mediaPlaylist(unknown, { kind: 'audio', trackId: 2 })).toBeUndefined()
    expect(subtitlePlaylist(unknown, 'e5')).toBeUndefined()
  })

  it('of subtitles names their windows', () => {
    const found = lines(subtitlePlaylist(inside, 'e5')).filter((line) => line.endsWith('.vtt'))
    expect(found).toEqual([0, 1, 2].map((n) => `../../subtitles/e5/${n}.vtt`))
  })
})

describe('an I-frame playlist', () => {
  const text = lines(iframePlaylist(inside, { kind: 'video', trackId: 1 }))

  it('is a whole VOD of keyframes, each a resource of its own, as long as the film', () => {
    expect(text).toEqual(
      expect.arrayContaining(['#EXT-X-VERSION:7', '#EXT-X-PLAYLIST-TYPE:VOD', '#EXT-X-I-FRAMES-ONLY']),
    )
    // §4.3.2.5: without it an I-frame of fMP4 cannot be decoded.
    expect(text).toContain('#EXT-X-MAP:URI="init.mp4"')
    const lengths = text.filter((line) => line.startsWith('#EXTINF:')).map((line) => Number.parseFloat(line.slice(8)))
    expect(lengths.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(130.5, 3)
    expect(text.filter((line) => line.endsWith('.m4s'))).toEqual(lengths.map((_, n) => `i${n}.m4s`))
    expect(text.at(-2)).toBe('#EXT-X-ENDLIST')
  })

  it('is not there for what is made, for sound, or without an index', () => {
    expect(iframePlaylist(inside, { kind: 'video', trackId: 1, made: { heightPixels: 720 } })).toBeUndefined()
    expect(iframePlaylist(inside, { kind: 'audio', trackId: 2 })).toBeUndefined()
    const { keyframes: _keyframes, ...unindexed } = inside
    expect(iframePlaylist(unindexed, { kind: 'video', trackId: 1 })).toBeUndefined()
  })
})

describe('a master playlist', () => {
  const text = lines(masterPlaylist(film, copied))
  const streams = text.filter((line) => line.startsWith('#EXT-X-STREAM-INF:')).map(attributes)
  const media = text.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map(attributes)

  it('says all that Apple asks for of a video variant', () => {
    expect(streams).toEqual([
      expect.objectContaining({
        CODECS: 'hvc1.2.4.L153.90,ac-3,mp4a.40.2',
        RESOLUTION: '3840x1608',
        'FRAME-RATE': '23.976',
        'VIDEO-RANGE': 'PQ',
        AUDIO: 'audio',
        SUBTITLES: 'text',
        'CLOSED-CAPTIONS': 'NONE',
      }),
    ])
    const [{ BANDWIDTH, 'AVERAGE-BANDWIDTH': mean } = {}] = streams
    expect(Number(BANDWIDTH)).toBeGreaterThanOrEqual(Number(mean))
  })

  it('names the I-frames of what is copied, and of nothing else (Apple, 6.1 to 6.16)', () => {
    const iframes = text.filter((line) => line.startsWith('#EXT-X-I-FRAME-STREAM-INF:')).map(attributes)
    expect(iframes).toEqual([
      expect.objectContaining({
        CODECS: 'hvc1.2.4.L153.90',
        RESOLUTION: '3840x1608',
        'VIDEO-RANGE': 'PQ',
        URI: '../v1/iframes.m3u8',
      }),
    ])
    expect(Number(iframes[0]?.BANDWIDTH)).toBeLessThan(Number(streams[0]?.BANDWIDTH))
    expect(Object.keys(iframes[0] ?? {})).not.toEqual(expect.arrayContaining(['AUDIO', 'FRAME-RATE', 'SUBTITLES']))
    const made: Rendition = { kind: 'video', trackId: 1, made: { heightPixels: 720 } }
    expect(masterPlaylist(film, [made])).not.toContain('I-FRAME')
  })

  it('has one default per group, and names that differ', () => {
    for (const type of ['AUDIO', 'SUBTITLES']) {
      const group = media.filter(({ TYPE }) => TYPE === type)
      expect(new Set(group.map(({ NAME }) => NAME)).size).toBe(group.length)
    }
    expect(media.filter(({ TYPE, DEFAULT }) => TYPE === 'AUDIO' && DEFAULT === 'YES')).toHaveLength(1)
    expect(media.map(({ NAME, URI }) => [NAME, URI])).toEqual([
      ['The  best  one', '../a2/index.m3u8'],
      ['Deutsch', '../a3/index.m3u8'],
      ['Deutsch 2', '../a4-aac6/index.m3u8'],
      ['français', '../se5/index.m3u8'],
    ])
  })

  it('says how many channels are heard', () => {
    expect(media.filter(({ TYPE }) => TYPE === 'AUDIO').map(({ CHANNELS }) => CHANNELS)).toEqual(['6', '2', '6'])
  })

  it('offers made heights as a ladder, in SDR', () => {
    const ladder: Rendition[] = [720, 480].map((heightPixels) => ({
      kind: 'video',
      trackId: 1,
      made: { heightPixels },
    }))
    const made = lines(masterPlaylist(film, [...ladder, { kind: 'audio', trackId: 3 }]))
    const variants = made.filter((line) => line.startsWith('#EXT-X-STREAM-INF:')).map(attributes)
    expect(variants.map((variant) => variant['VIDEO-RANGE'])).toEqual(['SDR', 'SDR'])
    expect(Number(variants[0]?.BANDWIDTH)).toBeGreaterThan(Number(variants[1]?.BANDWIDTH))
    expect(made.filter((line) => line.startsWith('../'))).toEqual(['../v1-720/index.m3u8', '../v1-480/index.m3u8'])
  })

  it('is not there for tracks that are not there, or without a picture', () => {
    expect(masterPlaylist(film, [{ kind: 'video', trackId: 9 }])).toBeUndefined()
    expect(
      masterPlaylist(film, [
        { kind: 'video', trackId: 1 },
        { kind: 'audio', trackId: 9 },
      ]),
    ).toBeUndefined()
    expect(masterPlaylist(film, [{ kind: 'audio', trackId: 2 }])).toBeUndefined()
  })
})
