/** Subtitles out of real films that ffmpeg made, over HTTP, out of a real swarm. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { type Seeder, startSeeder } from '../../testing/seeder.ts'
import { ask, startTestHome, type TestHome } from '../../testing/test-home.ts'
import { createOpenFilm } from '../open-film.ts'
import { makeSup } from './sup-for-tests.ts'

const srtOf = (cues: readonly (readonly [number, number, string])[]) =>
  cues.map(([from, to, text], index) => `${index + 1}\n${clock(from)} --> ${clock(to)}\n${text}\n`).join('\n')
const clock = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(11, 23).replace('.', ',')}`

const plain = srtOf([
  [1, 3, 'First'],
  [58, 62, '<i>Across</i> the border'],
  [61, 64, 'Two & <b>three</b>'],
  [64, 66, '{\\an8}Up'],
  [118, 119.5, 'Late'],
])
const styled = `[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 240

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Test Sans,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:02.00,0:00:04.00,Default,,0,0,0,,{\\b1}Bold{\\b0}, plain
Dialogue: 0,0:00:02.00,0:00:05.00,Default,,0,0,0,,{\\an8}sign
Dialogue: 0,0:01:10.00,0:01:12.50,Default,,0,0,0,,late
`
// ffmpeg moves the first to the beginning: it is there already.
const pictures = makeSup([
  { startSeconds: 0, endSeconds: 1, width: 16, height: 8 },
  { startSeconds: 5, endSeconds: 8, width: 40, height: 10 },
  { startSeconds: 55, endSeconds: 70, width: 60, height: 12 },
  { startSeconds: 90, endSeconds: 91, width: 20, height: 8 },
])
/** As much of a font as is looked at. */
const font = Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.alloc(500, 7)])

let directory: string
let home: TestHome
let seeder: Seeder
let tracks: Awaited<ReturnType<ReturnType<typeof createOpenFilm>['open']>>['tracks']
const path = 'Film/Film.mkv'

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'porchlight-subtitles-'))
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(directory, name), content)
    return join(directory, name)
  }
  const inputs = ['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10:d=120']
  for (const one of [file('a.srt', plain), file('b.ass', styled), file('c.sup', pictures)]) inputs.push('-i', one)
  const attach = ['-attach', file('sans.ttf', font), '-metadata:s:t:0', 'mimetype=font/ttf']
  const page = ['-attach', file('page.html', '<script>'), '-metadata:s:t:1', 'mimetype=text/html']
  const maps = ['-map', '0', '-map', '1', '-map', '2', '-map', '3']
  const codecs = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '50',
    '-c:s:0',
    'subrip',
    '-c:s:1',
    'ass',
    '-c:s:2',
    'copy',
  ]
  const said = ['-metadata:s:s:0', 'language=ger', '-metadata:s:s:1', 'title=Signs', '-disposition:s:1', 'forced']
  const film = join(directory, 'film.mkv')
  await promisify(execFile)('ffmpeg', ['-v', 'error', ...inputs, ...maps, ...codecs, ...said, ...attach, ...page, film])
  seeder = await startSeeder({
    files: {
      [path]: readFileSync(film),
      'Film/Film.fr.srt': Buffer.from(srtOf([[61, 63, 'Où êtes-vous allé, très cher ?']]), 'latin1'),
      'Film/Subs/Signs_English.ass': Buffer.from(styled),
    },
  })
  home = await startTestHome(directory)
  const { torrents, state, subtitles } = home
  const opener = createOpenFilm({ torrents, sources: state.sources, isTrustedTracker: () => false, added: subtitles })
  const request = { kind: 'open' as const, streamId: 'stream-1', sourceId: 'source-1', source: seeder.source }
  const context = { signal: AbortSignal.timeout(50_000), correlationId: 'c', onStage: () => {} }
  tracks = (await opener.open({ ...request, file: {}, startSeconds: 0 }, context)).tracks
  opener.close('stream-1')
}, 120_000)

afterAll(async () => {
  await home?.stop()
  await seeder?.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function get(beneath: string) {
  const token = await home.token({ path, scopes: ['subtitles'] })
  return ask(home.port, `/api/stream/${token}/${beneath}`)
}
const text = async (beneath: string) => (await get(beneath)).body.toString()
const header = 'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n'

describe('subtitles of a film', () => {
  it('are listed wherever they are, with what is known of them', () => {
    expect(tracks.subtitles).toEqual([
      { id: 'e2', kind: 'text', format: 'subrip', language: 'de' },
      { id: 'e3', kind: 'ass', format: 'ass', name: 'Signs', isForced: true },
      { id: 'e4', kind: 'pgs', format: 'pgs' },
      expect.objectContaining({ id: expect.stringMatching(/^f\d$/), kind: 'text', language: 'fr' }),
      expect.objectContaining({ id: expect.stringMatching(/^f\d$/), kind: 'ass', language: 'en' }),
    ])
  })

  it('are WebVTT by windows when they are text', async () => {
    const answer = await get('subtitles/e2/0.vtt')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/vtt; charset=utf-8'])
    const across = '00:00:58.000 --> 00:01:02.000\n<i>Across</i> the border\n'
    expect(answer.body.toString()).toBe(`${header}\n00:00:01.000 --> 00:00:03.000\nFirst\n\n${across}`)
    expect(await text('subtitles/e2/1.vtt')).toBe(
      `${header}\n${across}\n00:01:01.000 --> 00:01:04.000\nTwo &amp; <b>three</b>\n` +
        '\n00:01:04.000 --> 00:01:06.000 line:0\nUp\n\n00:01:58.000 --> 00:01:59.500\nLate\n',
    )
    expect(await text('subtitles/e2/7.vtt')).toBe(header)
  })

  it('are a head and lines when they have styles, and plain text for who cannot show those', async () => {
    const head = await text('subtitles/e3/head.ass')
    expect(head).toContain('Style: Default,Test Sans,20')
    expect(
      head.trimEnd().endsWith('Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text'),
    ).toBe(true)
    expect((await text('subtitles/e3/0.ass')).split('\n').sort()).toEqual([
      '',
      'Dialogue: 0,0:00:02.00,0:00:04.00,Default,,0,0,0,,{\\b1}Bold{\\b0}, plain',
      'Dialogue: 0,0:00:02.00,0:00:05.00,Default,,0,0,0,,{\\an8}sign',
    ])
    expect(await text('subtitles/e3/1.ass')).toBe('Dialogue: 0,0:01:10.00,0:01:12.50,Default,,0,0,0,,late\n')
    expect(await text('subtitles/e3/0.vtt')).toContain('<b>Bold</b>, plain')
    expect(await text('subtitles/e3/0.vtt')).toContain('00:00:02.000 --> 00:00:05.000 line:0\nsign')
  })

  it('are pictures when they are pictures, those that still stand first', async () => {
    expect(timesOf((await get('subtitles/e4/0.sup')).body)).toEqual([0, 1, 5, 8, 55])
    expect(timesOf((await get('subtitles/e4/1.sup')).body)).toEqual([55, 70, 90, 91])
  })

  it('are those beside it, in their own character set', async () => {
    const id = tracks.subtitles.find(({ language }) => language === 'fr')?.id
    expect(await text(`subtitles/${id}/1.vtt`)).toBe(
      `${header}\n00:01:01.000 --> 00:01:03.000\nOù êtes-vous allé, très cher ?\n`,
    )
    const signs = tracks.subtitles.find(({ language }) => language === 'en')?.id
    expect(await text(`subtitles/${signs}/1.ass`)).toBe('Dialogue: 0,0:01:10.00,0:01:12.50,Default,,0,0,0,,late\n')
  })

  it('are those that a person added', async () => {
    const file = encodeBase64Url(new TextEncoder().encode(srtOf([[1, 2, 'Mine']])))
    const request = {
      kind: 'add-subtitle' as const,
      sourceId: 'source-1',
      path,
      name: 'Mine',
      format: 'srt' as const,
      file,
    }
    expect(home.subtitles.add(request).id).toBe('u1')
    expect(await text('subtitles/u1/0.vtt')).toBe(`${header}\n00:00:01.000 --> 00:00:02.000\nMine\n`)
  })

  it('bring their fonts, and nothing else that is attached', async () => {
    const answer = await get('fonts/0')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'font/ttf'])
    expect(Buffer.compare(answer.body, font)).toBe(0)
    expect((await get('fonts/1')).status).toBe(404)
  })

  it.each([
    'subtitles/e9/0.vtt',
    'subtitles/e2/0.ass',
    'subtitles/e2/head.ass',
    'subtitles/e4/0.vtt',
    'subtitles/u7/0.vtt',
    'subtitles/f77/0.vtt',
  ])('are not %s', async (beneath) => {
    expect((await get(beneath)).status).toBe(404)
  })

  it('need a token that allows them', async () => {
    const token = await home.token({ path, scopes: ['media'], streamId: 'stream-2' })
    expect((await ask(home.port, `/api/stream/${token}/subtitles/e2/0.vtt`)).status).toBe(403)
  })
})

/** Presentation times of the display sets, in seconds. */
function timesOf(bytes: Buffer): number[] {
  const times = new Set<number>()
  for (let at = 0; at + 13 <= bytes.length; at += 13 + bytes.readUInt16BE(at + 11)) {
    if (bytes.toString('latin1', at, at + 2) !== 'PG') throw new Error(`no segment at ${at}`)
    times.add(bytes.readUInt32BE(at + 2) / 90_000)
  }
  return [...times]
}
