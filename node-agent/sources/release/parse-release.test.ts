/** Three hundred names and what they say, and whatever else a stranger may send as a name. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOST_LANGUAGES, Release } from '#protocol/release.ts'
import { parseRelease } from './parse-release.ts'
import { filmNames } from './testing/film-names.ts'
import { says } from './testing/says.ts'
import { showNames } from './testing/show-names.ts'

const parse = (name: string) => parseRelease(name, 2026)
const rows = (table: string) =>
  table
    .slice(1, -1)
    .split('\n')
    .map((line) => line.split(' => ') as [string, string])

describe('parseRelease', () => {
  it('has three hundred names to show for it', () => {
    expect(new Set([...rows(filmNames), ...rows(showNames)].map(([name]) => name)).size).toBeGreaterThanOrEqual(300)
  })

  it.each([...rows(filmNames), ...rows(showNames)])('reads %s', (name, expected) => {
    expect(says(parse(name))).toBe(expected)
  })

  it('takes a year that has not come yet for a word of the title', () => {
    expect(parseRelease('Porch.2032.1080p.WEB.h264-ODD', 2026)).toMatchObject({ title: 'Porch 2032' })
    expect(parseRelease('Porch.2032.1080p.WEB.h264-ODD', 2031)).toMatchObject({ title: 'Porch', year: 2032 })
  })
})

const word = fc.constantFrom(
  ...[
    '1080p',
    'x264',
    'DDP5',
    '1',
    'S01E02',
    'MULTi',
    'ITA',
    'SUBS',
    '2008',
    '[',
    ']',
    '(',
    ')',
    '-',
    '.',
    ' ',
    '_',
    '+',
  ],
  ...[
    'WEB',
    'DL',
    'DTS',
    'HD',
    'MA',
    '5.1',
    'Season',
    '2',
    '第3話',
    'REAL',
    'PROPER',
    '3D',
    '【',
    'www.',
    '.mkv',
    'ÉMO',
    '\u{1F3E0}',
  ],
)
const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(word, { maxLength: 80 }).map((words) => words.join('')),
  fc.array(word, { maxLength: 80 }).map((words) => words.join('.')),
)

describe('of any name', () => {
  it('makes facts that cross the border, and no more of them than the border lets through', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const release = parse(name)
        expect(Release.parse(release)).toEqual(release)
        expect(release.languages.length).toBeLessThanOrEqual(MOST_LANGUAGES)
        for (const { from, to } of [release.seasons, release.episodes, release.absolute].filter((span) => !!span)) {
          expect(from).toBeLessThanOrEqual(to)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('says the same whichever sign stands between the words', () => {
    const plain = fc.constantFrom(...rows(filmNames).map(([name]) => name)).filter((name) => /^[\w.]+-\w+$/.test(name))
    fc.assert(
      fc.property(plain, (name) => {
        const { title: _dots, ...dotted } = parse(name)
        const { title: _underscores, ...underscored } = parse(name.replaceAll(/(?<!\d)\.|\.(?!\d)/g, '_'))
        expect(underscored).toEqual(dotted)
      }),
    )
  })

  it('finds every fact that was put in, in whichever order', () => {
    const choice = <T>(table: Record<string, T>) => fc.constantFrom(...(Object.entries(table) as [string, T][]))
    const facts = fc.record({
      heightPixels: choice({ '720p': 720, '1080p': 1080, '2160p': 2160, '1080i': 1080, '1920x1080': 1080 }),
      source: choice({
        BluRay: 'bluray',
        'WEB-DL': 'web-dl',
        WEBRip: 'web-rip',
        HDTV: 'hdtv',
        DVDRip: 'dvd',
        HDCAM: 'cam',
      }),
      videoCodec: choice({ x264: 'h264', 'H.265': 'hevc', AV1: 'av1', XviD: 'mpeg4', 'VC-1': 'vc1', HEVC: 'hevc' }),
      bitDepth: choice({ '10bit': 10, '8bit': 8 }),
      audioCodecs: choice({
        AAC: ['aac'],
        'DTS-HD.MA': ['dts-hd-ma'],
        TrueHD: ['truehd'],
        DDP: ['eac3'],
        FLAC: ['flac'],
      }),
      hdr: choice({ HDR10: ['hdr10'], 'HDR10+': ['hdr10+'], DoVi: ['dolby-vision'], HLG: ['hlg'] }),
      languages: choice({ FRENCH: ['fr'], German: ['de'], iTALiAN: ['it'], Hindi: ['hi'] }),
      editions: choice({ EXTENDED: ['extended'], UNRATED: ['unrated'], REMASTERED: ['remastered'] }),
      isProper: choice({ PROPER: true }),
    })
    const title = fc.constantFrom('Big.Buck.Bunny', 'Sintel', 'The.French.Lamp', '1917', 'Porch.2049')
    fc.assert(
      fc.property(
        title,
        fc.integer({ min: 1900, max: 2026 }),
        facts,
        fc.infiniteStream(fc.nat()),
        (name, year, said, order) => {
          const shuffled = Object.values(said)
            .map(([text]) => ({ text, at: order.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ text }) => text)
          const release = parse(`${name}.${year}.${shuffled.join('.')}-GRP`)
          const expected = Object.fromEntries(Object.entries(said).map(([key, [, value]]) => [key, value]))
          expect(release).toMatchObject({ ...expected, title: name.replaceAll('.', ' '), year, group: 'GRP' })
        },
      ),
    )
  })

  it('reads the longest hostile name to its end', () => {
    for (const part of [
      'x264-',
      '[',
      'S01-',
      '5.1.',
      'www. ',
      'ITA+',
      'sub ita ',
      '2008 ',
      '-a',
      '1x02-',
      "'",
      'web dl ',
    ]) {
      const name = part.repeat(Math.ceil(200_000 / part.length))
      expect(Release.safeParse(parse(name)).success).toBe(true)
    }
  })
})
