/** Names of episodes as they are found in the wild, and whatever else a torrent may call its files. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { episodeReadings } from './episode-name.ts'

const first = (path: string) => {
  const [reading] = episodeReadings(path)
  return reading && [reading.season, reading.from, reading.to, reading.form]
}

describe('episodeReadings', () => {
  it.each<[string, [number | undefined, number, number, string] | undefined]>([
    // Season and episode, in one word.
    ['Show.S01E02.1080p.x264-GROUP.mkv', [1, 2, 2, 'numbered']],
    ['show.s1e2.mkv', [1, 2, 2, 'numbered']],
    ['Show S01 E02.mkv', [1, 2, 2, 'numbered']],
    ['Show.S01.E02.mkv', [1, 2, 2, 'numbered']],
    ['Show - S01 - E02 - Title.mkv', [1, 2, 2, 'numbered']],
    ['Show S00E01 Special.mkv', [0, 1, 1, 'numbered']],
    ['Show.S2024E105.mkv', [2024, 105, 105, 'numbered']],
    ['Show S01E1234.mkv', [1, 1234, 1234, 'numbered']],
    // Several episodes in a file.
    ['Show.S01E01E02.mkv', [1, 1, 2, 'numbered']],
    ['Show.S01E01E02E03.mkv', [1, 1, 3, 'numbered']],
    ['Show.S01E01-E03.mkv', [1, 1, 3, 'numbered']],
    ['Show.S01E01-03.mkv', [1, 1, 3, 'numbered']],
    ['Show.S01E01-S01E03.mkv', [1, 1, 3, 'numbered']],
    ['Show S01E01 & E02.mkv', [1, 1, 2, 'numbered']],
    ['Show S01E01+E02.mkv', [1, 1, 2, 'numbered']],
    ['Show.S01E02-720p.mkv', [1, 2, 2, 'numbered']],
    ['Show.S01E05-02.mkv', [1, 5, 5, 'numbered']],
    ['Show.S01E01-2160p.mkv', [1, 1, 1, 'numbered']],
    // With a cross.
    ['Show 1x02.mkv', [1, 2, 2, 'numbered']],
    ['show.12x104.avi', [12, 104, 104, 'numbered']],
    ['Show 1x02-03.mkv', [1, 2, 3, 'numbered']],
    ['Show 1x02x03.mkv', [1, 2, 3, 'numbered']],
    ['Show 1x02-1x04.mkv', [1, 2, 4, 'numbered']],
    ['Film 1920x1080.mkv', undefined],
    ['Film x264.mkv', undefined],
    ['Film 640x480 x265 10bit.mkv', undefined],
    // In words.
    ['Show Season 2 Episode 11.mkv', [2, 11, 11, 'numbered']],
    ['Show/Season 2/Episode 11.mkv', [2, 11, 11, 'worded']],
    ['Show/Staffel 3/Folge 4.mkv', [3, 4, 4, 'worded']],
    ['Show/S02/E05 - Title.mkv', [2, 5, 5, 'worded']],
    ['Show Ep12.mkv', [undefined, 12, 12, 'worded']],
    ['Show Episodes 1-3.mkv', [undefined, 1, 3, 'worded']],
    ['アニメ 第12話.mkv', [undefined, 12, 12, 'worded']],
    // By their folder.
    ['Show/Season 01/02 - Title.mkv', [1, 2, 2, 'bare']],
    ['Show/Season 01/02.mkv', [1, 2, 2, 'bare']],
    ['Show.S03.1080p/Show - 07.mkv', [3, 7, 7, 'bare']],
    ['Show/Specials/03.mkv', [0, 3, 3, 'bare']],
    ['Show 2nd Season/Show - 05.mkv', [2, 5, 5, 'bare']],
    ['Show S2 - 05.mkv', [2, 5, 5, 'bare']],
    ['Show Seasons 1-3/12.mkv', [undefined, 12, 12, 'bare']],
    ['Show S01-S03/12.mkv', [undefined, 12, 12, 'bare']],
    ['Show.S01E02.720p/abcdef.mkv', [1, 2, 2, 'numbered']],
    // Counted through all seasons.
    ['[Group] Show - 012 [1080p][A1B2C3D4].mkv', [undefined, 12, 12, 'bare']],
    ['[Group] Show - 12v2 (1920x1080 AAC).mkv', [undefined, 12, 12, 'bare']],
    ['[Group] Show 2 - 137.mkv', [undefined, 137, 137, 'bare']],
    ['[Group] Show - 01-12 [BD].mkv', [undefined, 1, 12, 'bare']],
    ['Show 1056 1080p WEB H.264 AAC2.0.mkv', [undefined, 1056, 1056, 'bare']],
    ['Show.2019.1080p.DDP5.1.mkv', undefined],
    ['Big Buck Bunny.mp4', undefined],
    ['', undefined],
  ])('reads %s', (path, expected) => {
    expect(first(path)).toEqual(expected)
  })

  it('reads 102 both as a number and as the second of season one', () => {
    expect(episodeReadings('show.102.hdtv.avi')).toEqual([
      { season: undefined, from: 102, to: 102, form: 'bare' },
      { season: 1, from: 2, to: 2, form: 'compact' },
    ])
  })

  it('reads any path, and its ranges never run backwards', () => {
    const word = fc.constantFrom(
      'S01',
      'E02',
      '1x02',
      'Season 1',
      'Ep',
      '-',
      '.',
      ' ',
      '/',
      '03',
      '1080p',
      '2019',
      '第',
      '話',
    )
    const path = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 1024 }),
      fc.array(word).map((words) => words.join('')),
    )
    fc.assert(
      fc.property(path, (text) => {
        for (const { from, to, season } of episodeReadings(text)) {
          expect(from).toBeLessThanOrEqual(to)
          expect([from, to, season ?? 0].every(Number.isSafeInteger)).toBe(true)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('finds again what it was named', () => {
    const number = fc.integer({ min: 1, max: 99 })
    fc.assert(
      fc.property(
        number,
        number,
        fc.constantFrom('S%E%', 's0%e0%', '%x0%', 'Season % Episode %'),
        (season, episode, form) => {
          const counts = form.startsWith('%x') && episode > 9 ? '%x%' : form
          const text = counts.replace('%', String(season)).replace('%', String(episode))
          expect(first(`The Show ${text} Title 1080p.mkv`)).toEqual([season, episode, episode, 'numbered'])
        },
      ),
    )
  })

  it('reads the longest hostile name without going back over it again and again', () => {
    for (const part of ['s1e1-', '1x02-', 'e1-', ' - 1', '19', '第1', 'season ', '.-.', '1', 's']) {
      expect(episodeReadings(part.repeat(1024 / part.length)).length).toBeLessThanOrEqual(2)
    }
  })
})
