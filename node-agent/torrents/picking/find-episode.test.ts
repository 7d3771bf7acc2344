/** The right episode of a pack, however the pack counts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EpisodeHint } from '#protocol/source.ts'
import { filesOfEpisode } from './find-episode.ts'

const find = (paths: string[], wanted: EpisodeHint) =>
  filesOfEpisode(
    paths.map((path) => ({ path })),
    wanted,
  ).map(({ path }) => path)

describe('filesOfEpisode', () => {
  it.each<[string, string[], EpisodeHint, string[]]>([
    [
      'in a plain season pack',
      ['S/S01E01.mkv', 'S/S01E02.mkv', 'S/S01E12.mkv'],
      { season: 1, episode: 2 },
      ['S/S01E02.mkv'],
    ],
    ['in a pack of all seasons', ['S01E02.mkv', 'S02E02.mkv'], { season: 2, episode: 2 }, ['S02E02.mkv']],
    [
      'by the folders of seasons',
      ['Season 1/02.mkv', 'Season 2/02.mkv'],
      { season: 2, episode: 2 },
      ['Season 2/02.mkv'],
    ],
    ['inside a file of several', ['S01E01-E03.mkv', 'S01E04.mkv'], { season: 1, episode: 2 }, ['S01E01-E03.mkv']],
    ['alone rather than among several', ['S01E01-E03.mkv', 'S01E02.mkv'], { season: 1, episode: 2 }, ['S01E02.mkv']],
    [
      'by its plain name rather than by a number',
      ['02 - S01E05.mkv', '05 - S01E02.mkv'],
      { season: 1, episode: 2 },
      ['05 - S01E02.mkv'],
    ],
    [
      'twice, for the larger to win',
      ['a/S01E02.mkv', 'b/S01E02.mp4'],
      { season: 1, episode: 2 },
      ['a/S01E02.mkv', 'b/S01E02.mp4'],
    ],
    [
      'by its absolute number',
      ['Show - 012.mkv', 'Show - 137.mkv'],
      { season: 6, episode: 5, absolute: 137 },
      ['Show - 137.mkv'],
    ],
    [
      'by its absolute number under season one',
      ['S01E136.mkv', 'S01E137.mkv'],
      { season: 6, episode: 5, absolute: 137 },
      ['S01E137.mkv'],
    ],
    [
      'not by a low number when the pack counts through',
      ['Show - 005.mkv', 'Show - 006.mkv'],
      { season: 6, episode: 5, absolute: 137 },
      [],
    ],
    [
      'by a number of a pack without a season',
      ['Show 01.mkv', 'Show 02.mkv'],
      { season: 1, episode: 2 },
      ['Show 02.mkv'],
    ],
    ['by a number when nobody says the season', ['Show 01.mkv', 'Show 02.mkv'], { episode: 2 }, ['Show 02.mkv']],
    ['as 102', ['show.101.avi', 'show.102.avi'], { season: 1, episode: 2 }, ['show.102.avi']],
    ['not in another season', ['S02E02.mkv'], { season: 1, episode: 2 }, []],
    ['not in another single file', ['Show.S01E03.mkv'], { season: 1, episode: 2 }, []],
    ['as the only file of a single-episode torrent', ['abcdef.mkv'], { season: 1, episode: 2 }, ['abcdef.mkv']],
    ['not as one of two that count nothing', ['abc.mkv', 'def.mkv'], { season: 1, episode: 2 }, []],
    ['among the specials', ['Specials/02.mkv', 'Season 1/02.mkv'], { season: 0, episode: 2 }, ['Specials/02.mkv']],
    ['in nothing', [], { season: 1, episode: 2 }, []],
  ])('finds the episode %s', (_what, paths, wanted, expected) => {
    expect(find(paths, wanted)).toEqual(expected)
  })

  it('finds each episode of a pack that names them all, and no other', () => {
    const pack = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
      maxLength: 40,
      selector: String,
    })
    fc.assert(
      fc.property(pack, fc.nat(), (episodes, chosen) => {
        const name = ([season, episode]: [number, number]) => `Show/S${season}/Show S${season}E${episode} 1080p.mkv`
        const wanted = episodes[chosen % episodes.length] ?? [1, 1]
        expect(find(episodes.map(name), { season: wanted[0], episode: wanted[1] })).toEqual([name(wanted)])
        expect(find(episodes.map(name), { season: 21, episode: 1 })).toEqual([])
      }),
    )
  })
})
