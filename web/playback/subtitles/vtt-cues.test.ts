import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeCues, readVtt } from './vtt-cues.ts'

const header = 'WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n'
const plain = { place: 'bottom', align: 'center' } as const

describe('reading WebVTT', () => {
  it('reads times with and without hours, names of cues, several lines and styles', () => {
    const text = `${header}\n00:01.000 --> 00:02.500\nOne\n\nname\n01:00:00.000 --> 01:00:01.000\n<i>Two</i>\nlines\n`
    expect(readVtt(text)).toEqual([
      { startSeconds: 1, endSeconds: 2.5, text: 'One', ...plain },
      { startSeconds: 3600, endSeconds: 3601, text: '<i>Two</i>\nlines', ...plain },
    ])
  })

  it.each([
    ['', 'bottom', 'center'],
    ['line:0 align:start', 'top', 'start'],
    ['line:10%', 'top', 'center'],
    ['line:50% align:right', 'middle', 'end'],
    ['line:-1', 'bottom', 'center'],
    ['line:85%,end position:40%', 'bottom', 'center'],
  ])('places %j', (settings, place, align) => {
    expect(readVtt(`${header}\n00:01.000 --> 00:02.000 ${settings}\nA\n`)).toMatchObject([{ place, align }])
  })

  it.each([
    ['an empty window', header],
    ['a note', `${header}\nNOTE 00:01.000 --> 00:02.000 is not a cue\n`],
    ['a cue that ends before it begins', `${header}\n00:02.000 --> 00:01.000\nA\n`],
    ['a cue without words', `${header}\n00:01.000 --> 00:02.000\n\n`],
    ['a page of HTML', '<!doctype html>\n\n<p>404</p>'],
  ])('finds none in %s', (_, text) => expect(readVtt(text)).toEqual([]))

  it('reads windows with line ends of every kind', () => {
    expect(readVtt(`\uFEFF${header}\n00:01.000 --> 00:02.000\nA\n`.replaceAll('\n', '\r\n'))).toHaveLength(1)
  })

  it('never throws, and never gives a cue that cannot be shown', () => {
    const piece = fc.constantFrom('00:01.000 --> 00:02.000', '-->', '\n\n', '\n', 'line:', '99:99.999', 'x', '\r', ' ')
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (pieces) => {
        for (const { startSeconds, endSeconds, text } of readVtt(pieces.join(''))) {
          expect(endSeconds).toBeGreaterThan(startSeconds)
          expect(text).not.toBe('')
        }
      }),
    )
  })
})

it('drops the doubles of two windows and keeps order', () => {
  const cue = (startSeconds: number, text: string) => ({ startSeconds, endSeconds: startSeconds + 2, text, ...plain })
  const merged = mergeCues([
    [cue(10, 'A'), cue(59, 'across')],
    [cue(59, 'across'), cue(59, 'another'), cue(70, 'B')],
  ])
  expect(merged.map(({ text }) => text)).toEqual(['A', 'across', 'another', 'B'])
})
