/** The film, or the episode that is meant, is found among what lies beside it; what cannot be played is refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileHint } from '#protocol/source.ts'
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

  const refusal = (files: [string, number][], hint: FileHint = {}) => {
    try {
      return pickFile(
        files.map(([path, megabytes]) => file(path, megabytes * MB)),
        hint,
      ).path
    } catch (error) {
      expect(error).toMatchObject({ code: 'no_playable_file' })
      return (error as Error).message
    }
  }

  it.each<[string, [string, number][], RegExp]>([
    ['a RAR archive', [['F/film.rar', 900]], /RAR/],
    [
      'a RAR archive in parts',
      [
        ['F/film.rar', 50],
        ['F/film.r00', 50],
        ['F/film.r01', 50],
      ],
      /RAR/,
    ],
    [
      'a RAR archive with a sample',
      [
        ['F/film.rar', 900],
        ['F/Sample/film-sample.mkv', 40],
      ],
      /RAR/,
    ],
    [
      'a zip',
      [
        ['F/film.zip', 900],
        ['F/readme.nfo', 1],
      ],
      /archive/,
    ],
    [
      'a split archive',
      [
        ['F/film.7z.001', 500],
        ['F/film.7z.002', 500],
      ],
      /archive/,
    ],
    ['a disc image', [['F/film.iso', 4000]], /disc image/],
    ['a program', [['F/film.mkv.exe', 1]], /program/],
    [
      'a link',
      [
        ['F/film.mp4.lnk', 1],
        ['F/setup.msi', 3],
      ],
      /program/,
    ],
    ['music', [['F/01.flac', 30]], /no film/],
    ['nothing', [], /no film/],
  ])('says why %s is not played', (_what, files, reason) => {
    expect(refusal(files)).toMatch(reason)
  })

  it.each<[string, [string, number][], string]>([
    [
      'the episode',
      [
        ['S/S01E01.mkv', 700],
        ['S/S01E02.mkv', 500],
      ],
      'S/S01E02.mkv',
    ],
    [
      'the episode rather than its sample',
      [
        ['S/Sample/S01E02.mkv', 40],
        ['S/S01E02.mkv', 500],
      ],
      'S/S01E02.mkv',
    ],
    [
      'the film, not the subtitles',
      [
        ['S/S01E02.srt', 900],
        ['S/S01E02.mkv', 500],
      ],
      'S/S01E02.mkv',
    ],
    [
      'an episode called like an extra',
      [
        ['S/S01E02.The.Interview.mkv', 500],
        ['S/S01E01.mkv', 510],
      ],
      'S/S01E02.The.Interview.mkv',
    ],
    [
      'an episode of a show called Extras',
      [
        ['Extras/Extras S01E02.mkv', 500],
        ['Extras/Extras S01E01.mkv', 500],
      ],
      'Extras/Extras S01E02.mkv',
    ],
    [
      'the larger of two',
      [
        ['S/x/S01E02.mp4', 400],
        ['S/y/S01E02.mkv', 900],
      ],
      'S/y/S01E02.mkv',
    ],
    [
      'the file of three episodes rather than a sample',
      [
        ['S/S01E02-sample.mkv', 9],
        ['S/S01E01-E03.mkv', 900],
      ],
      'S/S01E01-E03.mkv',
    ],
  ])('picks %s', (_what, files, expected) => {
    expect(refusal(files, { episode: { season: 1, episode: 2 } })).toBe(expected)
  })

  it.each<[string, [string, number][]]>([
    ['another episode', [['S/S01E03.mkv', 900]]],
    [
      'only a sample of it',
      [
        ['S/S01E02-sample.mkv', 9],
        ['S/S01E03.mkv', 900],
      ],
    ],
  ])('refuses when there is %s', (_what, files) => {
    expect(refusal(files, { episode: { season: 1, episode: 2 } })).toMatch(/episode is not in this torrent/)
  })

  it('lets a path win over an episode', () => {
    const hint = { path: 'S/S01E01.mkv', episode: { season: 1, episode: 2 } }
    expect(
      refusal(
        [
          ['S/S01E01.mkv', 700],
          ['S/S01E02.mkv', 500],
        ],
        hint,
      ),
    ).toBe('S/S01E01.mkv')
  })

  it('never picks padding', () => {
    expect(pickFile([file('F/pad.mkv', 900, true), file('F/a.mkv', 1)], {}).path).toBe('F/a.mkv')
  })

  it('picks one of the files it was given, or refuses', () => {
    const files = fc.array(
      fc.record({ path: fc.string({ unit: 'grapheme' }), sizeBytes: fc.nat(), isPadding: fc.boolean() }),
    )
    const hints = fc.record(
      { path: fc.string({ minLength: 1 }), episode: fc.record({ season: fc.nat(20), episode: fc.nat(400) }) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(files, hints, (all, hint) => {
        try {
          expect(all).toContain(pickFile(all, hint))
        } catch (error) {
          expect(error).toMatchObject({ code: 'no_playable_file' })
        }
      }),
    )
  })
})
