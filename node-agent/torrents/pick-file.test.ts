/** The film is found among what lies beside it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pickFile } from './pick-file.ts'

const MB = 1_000_000
const file = (path: string, sizeBytes: number, isPadding = false) => ({ path, sizeBytes, isPadding })
const pick = (files: [path: string, megabytes: number][], hint?: string) =>
  pickFile(
    files.map(([path, megabytes]) => file(path, megabytes * MB)),
    hint === undefined ? {} : { path: hint },
  ).path

describe('pickFile', () => {
  it.each<[string, [string, number][], string]>([
    ['the only file', [['film.mp4', 1]], 'film.mp4'],
    [
      'the largest film',
      [
        ['F/a.mkv', 700],
        ['F/b.mkv', 900],
      ],
      'F/b.mkv',
    ],
    [
      'a film before a larger archive',
      [
        ['F/a.zip', 9000],
        ['F/a.mkv', 700],
      ],
      'F/a.mkv',
    ],
    [
      'a film before a larger sample',
      [
        ['F/sample.mkv', 50],
        ['F/a.mkv', 40],
      ],
      'F/a.mkv',
    ],
    [
      'not the sample folder',
      [
        ['F/Sample/a.mkv', 900],
        ['F/a.avi', 700],
      ],
      'F/a.avi',
    ],
    [
      'not the extras',
      [
        ['F/Extras/making of.mkv', 2000],
        ['F/a.mkv', 1500],
      ],
      'F/a.mkv',
    ],
    [
      'not the trailer',
      [
        ['F/a-trailer.mp4', 90],
        ['F/a.MP4', 70],
      ],
      'F/a.MP4',
    ],
    [
      'the film of that name',
      [
        ['The Interview/The Interview.mkv', 1500],
        ['The Interview/intro.mp4', 3],
      ],
      'The Interview/The Interview.mkv',
    ],
    [
      'a trailer when it is all there is',
      [
        ['F/trailer.mp4', 9],
        ['F/readme.txt', 1],
      ],
      'F/trailer.mp4',
    ],
    [
      'a film under a folder called so',
      [
        ['Extras S01/e1.mkv', 300],
        ['Extras S01/e2.mkv', 310],
      ],
      'Extras S01/e2.mkv',
    ],
    [
      'a word that only contains one',
      [
        ['F/Resampled.mkv', 900],
        ['F/x.mkv', 800],
      ],
      'F/Resampled.mkv',
    ],
  ])('picks %s', (_what, files, expected) => {
    expect(pick(files)).toBe(expected)
  })

  it('lets the hint win, whatever the file is', () => {
    expect(
      pick(
        [
          ['F/a.mkv', 900],
          ['F/Sample/a.mkv', 9],
        ],
        'F/Sample/a.mkv',
      ),
    ).toBe('F/Sample/a.mkv')
    expect(
      pick(
        [
          ['F/a.mkv', 900],
          ['F/a.srt', 1],
        ],
        'F/a.srt',
      ),
    ).toBe('F/a.srt')
  })

  it.each<[string, [string, number][], string | undefined]>([
    [
      'nothing is a film',
      [
        ['F/a.iso', 900],
        ['F/mkv', 1],
      ],
      undefined,
    ],
    ['the film is empty', [['F/a.mkv', 0]], undefined],
    ['the hinted file is not there', [['F/a.mkv', 900]], 'F/b.mkv'],
    ['the hint climbs', [['F/a.mkv', 900]], '../../etc/passwd'],
  ])('refuses when %s', (_what, files, hint) => {
    expect(() => pick(files, hint)).toThrow(expect.objectContaining({ code: 'no_playable_file' }))
  })

  it('never picks padding', () => {
    expect(pickFile([file('F/pad.mkv', 900, true), file('F/a.mkv', 1)], {}).path).toBe('F/a.mkv')
  })

  it('picks one of the files it was given, or refuses', () => {
    const files = fc.array(
      fc.record({ path: fc.string({ unit: 'grapheme' }), sizeBytes: fc.nat(), isPadding: fc.boolean() }),
    )
    fc.assert(
      fc.property(files, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (all, hint) => {
        try {
          expect(all).toContain(pickFile(all, hint === undefined ? {} : { path: hint }))
        } catch (error) {
          expect(error).toMatchObject({ code: 'no_playable_file' })
        }
      }),
    )
  })
})
