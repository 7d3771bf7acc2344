/** SubRip, WebVTT and ASS as they are found, and as nobody should send them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatOfText } from './added-track.ts'
import { assToCues, readLook } from './ass-to-cues.ts'
import { type Cue, windowOf } from './cue.ts'
import { toCueText } from './cue-text.ts'
import { assLine, readAss, readAssBlock } from './read-ass.ts'
import { readSrt } from './read-srt.ts'
import { readVtt } from './read-vtt.ts'
import { writeVtt } from './write-vtt.ts'

const srt = (text: string) => `1\n00:00:01,000 --> 00:00:02,500\n${text}\n`

describe('SubRip', () => {
  it.each<[string, string, [number, number, string][]]>([
    ['plain', srt('Hello'), [[1, 2.5, 'Hello']]],
    ['Windows line ends', srt('Two\nlines').replaceAll('\n', '\r\n'), [[1, 2.5, 'Two\nlines']]],
    [
      'no numbers',
      '00:00:01,000 --> 00:00:02,000\nA\n\n00:00:03,000 --> 00:00:04,000\nB',
      [
        [1, 2, 'A'],
        [3, 4, 'B'],
      ],
    ],
    [
      'no empty lines',
      '1\n00:00:01,000 --> 00:00:02,000\nA\n2\n00:00:03,000 --> 00:00:04,000\nB',
      [
        [1, 2, 'A'],
        [3, 4, 'B'],
      ],
    ],
    ['points for commas', '1\n0:0:1.5 --> 0:0:2.25\nA', [[1.5, 2.25, 'A']]],
    ['a number as its text', '1\n00:00:01,000 --> 00:00:02,000\n42', [[1, 2, '42']]],
    [
      'out of order',
      '1\n00:00:09,000 --> 00:00:10,000\nB\n\n2\n00:00:01,000 --> 00:00:02,000\nA',
      [
        [1, 2, 'A'],
        [9, 10, 'B'],
      ],
    ],
    ['an end before its start', '1\n00:00:05,000 --> 00:00:02,000\nA', []],
    ['coordinates', '1\n00:00:01,000 --> 00:00:02,000 X1:1 X2:2 Y1:1 Y2:2\nA', [[1, 2, 'A']]],
    ['nothing but tags', srt('<i></i>'), []],
  ])('with %s', (_name, text, expected) => {
    expect(readSrt(text).map(({ startSeconds, endSeconds, text }) => [startSeconds, endSeconds, text])).toEqual(
      expected,
    )
  })

  it.each([
    ['<i>so</i>', '<i>so</i>'],
    ['<I>so', '<i>so</i>'],
    ['so</i>', 'so'],
    ['<b><i>x</b></i>', '<b><i>x</i></b><i></i>'],
    ['<font color="#ff0000">red</font>', 'red'],
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror=alert(1)>', ''],
    ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
    ['a --> b', 'a --&gt; b'],
    ['&lt;i&gt;', '&lt;i&gt;'],
    ['{\\an8}top', 'top'],
    ['{i}old{/i}', '<i>old</i>'],
    ['{shrugs}', '{shrugs}'],
  ])('writes %s as %s', (markup, expected) => {
    expect(toCueText(markup)).toBe(expected)
  })

  it('keeps the top of the screen', () => {
    expect(readSrt(srt('{\\an8}top'))[0]?.settings).toBe('line:0')
  })
})

describe('WebVTT', () => {
  it('keeps times, text and known settings, and nothing else', () => {
    const cues = readVtt(
      'WEBVTT - a film\n\nSTYLE\n::cue { background: url(https://x.example) }\n\nNOTE --> no\n\nREGION\nid:fred\n\n' +
        'one\n00:01.000 --> 00:02.000 line:0 region:fred align:start position:150% foo:bar\n<v Ann><i.big>Hi</i></v> <00:01.500>you\n\n' +
        '01:00:00.000 --> 01:00:01.000\n<c.red>late</c>\n',
    )
    expect(cues).toEqual([
      { startSeconds: 1, endSeconds: 2, text: '<i>Hi</i> you', settings: 'line:0 align:start position:150%' },
      { startSeconds: 3600, endSeconds: 3601, text: 'late', settings: '' },
    ])
  })
  it('is not what does not say so', () => {
    expect(readVtt('00:01.000 --> 00:02.000\nA')).toEqual([])
    expect(readVtt('WEBVTTX\n\n00:01.000 --> 00:02.000\nA')).toEqual([])
  })
})

const script = `[Script Info]
PlayResX: 640
PlayResY: 360

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment, MarginL
Style: Default,Arial,20,&H00FFFFFF,0,0,2,10
Style: Thought,Arial,20,&H00FFFFFF,0,-1,8,10

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,Hello, {\\i1}dear{\\i0} you\\Nand you
Dialogue: 1,0:00:03.00,0:00:04.00,Thought,,0,0,0,,Hm <b>&
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\pos(320,90)}{\\p1}m 0 0 l 100 0{\\p0}sign
Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100

[Fonts]
fontname: a.ttf
`

describe('ASS', () => {
  it('gives a head without events, and its events in the order the head names', () => {
    const { head, events } = readAss(script)
    expect(head).toContain('Style: Thought')
    expect(head).toContain('fontname: a.ttf')
    expect(head).not.toContain('Dialogue')
    expect(head.trimEnd().split('\n').slice(-2)).toEqual([
      '[Events]',
      'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
    ])
    expect(events.map(assLine)[0]).toBe(
      'Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,Hello, {\\i1}dear{\\i0} you\\Nand you\n',
    )
    expect(readAss(head + events.map(assLine).join('')).events).toEqual(events)
  })
  it('becomes plain text with italics and place, without drawings', () => {
    const { head, events } = readAss(script)
    expect(assToCues(events, readLook(head)).map(({ text, settings }) => [text, settings])).toEqual([
      ['Hello, <i>dear</i> you\nand you', ''],
      ['<i>Hm &lt;b&gt;&amp;</i>', 'line:0'],
      ['sign', 'line:25% position:50%'],
    ])
  })
  it('reads a block of Matroska, whose fields have another order', () => {
    const event = readAssBlock('3,0,Default,Ann,0,0,0,,a, b', { startSeconds: 61.5, endSeconds: 62 })
    expect(assLine(event)).toBe('Dialogue: 0,0:01:01.50,0:01:02.00,Default,Ann,0,0,0,,a, b\n')
  })
  it('reads the fields of SSA where its Format puts them', () => {
    const old =
      '[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,Default,,0000,0000,0000,,Hi'
    expect(readAss(old).events.map(assLine)).toEqual([
      'Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0000,0000,0000,,Hi\n',
    ])
  })
})

describe('a window', () => {
  const cue = (startSeconds: number, endSeconds: number): Cue => ({
    startSeconds,
    endSeconds,
    text: `${startSeconds}`,
    settings: '',
  })
  it('has what shows at any time in it, and the times of the film', () => {
    const text = writeVtt([cue(10, 59), cue(59, 61), cue(60, 62), cue(3661.5, 3662), cue(120, 121)], windowOf(1))
    expect(text).toBe(
      'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n' +
        '00:00:59.000 --> 00:01:01.000\n59\n\n00:01:00.000 --> 00:01:02.000\n60\n',
    )
    expect(writeVtt([cue(3661.5, 3662)], windowOf(61))).toContain('01:01:01.500 --> 01:01:02.000')
  })
  it('is a header alone when nothing shows', () => {
    expect(writeVtt([], windowOf(0))).toBe('WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n')
  })
})

it.each([
  ['srt', srt('A')],
  ['vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\nA'],
  ['ass', script],
  [undefined, '<html>not found</html>'],
  [undefined, ''],
  [undefined, 'WEBVTT\n\nnothing'],
])('tells %s by what is in it', (format, text) => {
  expect(formatOfText(text)).toBe(format)
})

/** Pieces that meet the readers' every branch when they are mixed. */
const piece = fc.oneof(
  fc.constantFrom(
    'WEBVTT',
    '\n\n',
    '\r\n',
    '00:00:01,000 --> 00:00:02,000',
    '0:0:1.5-->1:0:0',
    '-->',
    '<i>',
    '</i>',
    '<b',
    '{\\an8}',
    '{',
    '}',
  ),
  fc.constantFrom(
    '<c.x>',
    '&',
    '&amp;',
    '[Events]',
    'Format: Start, End, Text',
    'Dialogue: ',
    ',',
    '0:00:01.00',
    '{\\p1}',
    '{\\i1}',
    '\\N',
    '\0',
    '<script>',
  ),
  fc.string({ maxLength: 12 }),
)
const anyText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))

it('never lets through a tag of its own, an empty line or an arrow, whatever is read', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { head, events } = readAss(text)
      const cues = [
        ...readSrt(text),
        ...readVtt(text),
        ...readVtt(`WEBVTT\n\n${text}`),
        ...assToCues(events, readLook(head)),
      ]
      for (const cue of cues) {
        expect(cue.endSeconds).toBeGreaterThan(cue.startSeconds)
        expect(cue.text.replaceAll(/<\/?[ibu]>/g, '')).not.toMatch(/[<>\0]|\n\s*\n|&(?!#?\w{1,8};)/)
        expect(cue.settings).toMatch(/^[a-z0-9:.% -]*$/)
        const opened = cue.text.match(/<[ibu]>/g)?.length ?? 0
        expect(cue.text.match(/<\/[ibu]>/g)?.length ?? 0).toBe(opened)
      }
      for (const event of events) expect(assLine(event).trimEnd().split(/\r|\n/)).toHaveLength(1)
    }),
    { numRuns: 500 },
  )
})

// Four thousand looks from each of four thousand braces, two thousand times, would outlast any patience.
it('reads a script that is made of opening braces', () => {
  const line = `Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,${'{'.repeat(4000)}\n`
  const { events, head } = readAss(`[Events]\n${line.repeat(2000)}`)
  expect(assToCues(events, readLook(head)).map(({ text }) => text.length)).toEqual(Array(2000).fill(4000))
})

it('reads back the window that it wrote', () => {
  const times = fc.record({ startSeconds: fc.nat({ max: 59_000 }), length: fc.integer({ min: 1, max: 9000 }) })
  fc.assert(
    fc.property(fc.array(fc.tuple(times, anyText), { maxLength: 10 }), (all) => {
      const made = all.map(([{ startSeconds, length }, text], index) => {
        const from = startSeconds / 1000
        return {
          ...(readSrt(srt(`x${text}`))[0] ?? { text: `x${index}`, settings: '' }),
          startSeconds: from,
          endSeconds: from + length / 1000,
        }
      })
      const cues = made.sort((a, b) => a.startSeconds - b.startSeconds)
      const read = readVtt(writeVtt(cues, windowOf(0)))
      expect(read.map(({ text, settings }) => [text, settings])).toEqual(
        cues.map(({ text, settings }) => [text, settings]),
      )
      for (const [index, cue] of read.entries()) {
        expect(cue.startSeconds).toBeCloseTo(cues[index]?.startSeconds ?? -1, 3)
        expect(cue.endSeconds).toBeCloseTo(cues[index]?.endSeconds ?? -1, 3)
      }
    }),
  )
})
