/** Fakes and mix-ups that are found out, and honest releases that are left in peace. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ReleaseDoubt } from '#protocol/release.ts'
import { doubtsOfRelease, type OfferedAs, type ReleaseFile } from './doubts-of-release.ts'
import { parseRelease } from './parse-release.ts'

const MB = 1_000_000
const film: OfferedAs = { names: ['Tears of Steel', 'Larmes d’acier'], year: 2012, runtimeMinutes: 100 }
const doubts = (name: string, sizeBytes?: number, files?: ReleaseFile[], offered: OfferedAs = film) =>
  doubtsOfRelease(parseRelease(name, 2026), sizeBytes, offered, files, 2026)
const file = (path: string, megabytes: number): ReleaseFile => ({ path, sizeBytes: megabytes * MB })

describe('by name and size', () => {
  it.each<[string, number | undefined, ReleaseDoubt[]]>([
    ['Tears.of.Steel.2012.1080p.BluRay.x264-GRP', 8000, []],
    ['Tears.of.Steel.2012.1080p.BluRay.x264-GRP', undefined, []],
    ['Tears.of.Steel.2012.1080p.WEB.AV1-GRP', 700, []],
    ['Tears.of.Steel.2012.720p.WEB.x265-GRP', 300, []],
    ['Tears.of.Steel.2012.2160p.UHD.BluRay.REMUX.HEVC-GRP', 70_000, []],
    ['Tears.of.Steel.2012.2160p.WEB.x265-GRP', 400, ['too_small']],
    ['Tears.of.Steel.2012.1080p.BluRay.x264-GRP', 60, ['too_small']],
    ['Tears.of.Steel.2012.1080p.BluRay.x264-GRP', 200_000, ['too_large']],
    ['Larmes.d.acier.2012.1080p.BluRay.x264-GRP', 8000, []],
    ['Tears of Stéel 2013 1080p', 8000, []],
    ['Tears.of.Steel.2019.1080p.BluRay.x264-GRP', 8000, ['other_year']],
    ['Another.Film.2012.1080p.BluRay.x264-GRP', 8000, ['other_title']],
    ['1080p.mkv', 8000, []],
    ['Tears.of.Steel.2012.COMPLETE.BLURAY-GRP', 40_000, ['is_disc']],
    ['Tears.of.Steel.2012.Sample.1080p.x264-GRP', 8000, ['only_sample']],
  ])('%s of %s MB: %j', (name, megabytes, expected) => {
    expect(doubts(name, megabytes === undefined ? undefined : megabytes * MB)).toEqual(expected)
  })

  it('counts the length of several episodes, and of a whole season nothing', () => {
    const show: OfferedAs = { names: ['Porch'], year: 2001, runtimeMinutes: 40 }
    expect(doubts('Porch.S01E01-E10.1080p.WEB.x264-GRP', 6000 * MB, undefined, show)).toEqual([])
    expect(doubts('Porch.S01E01-E10.1080p.WEB.x264-GRP', 1000 * MB, undefined, show)).toEqual(['too_small'])
    expect(doubts('Porch.2009.S03.1080p.WEB.x264-GRP', 90_000_000 * MB, undefined, show)).toEqual([])
  })
})

describe('by the list of files', () => {
  const name = 'Tears.of.Steel.2012.1080p.BluRay.x264-GRP'
  const good = file(`${name}/${name}.mkv`, 7900)
  it.each<[string, ReleaseFile[], ReleaseDoubt[]]>([
    ['the film with its sample and its words', [good, file('Sample/sample.mkv', 40), file('x.nfo', 1)], []],
    ['an executable beside it', [good, file('Codec/Player.EXE', 2)], ['has_executable']],
    ['a film that is an executable', [file(`${name}.mkv.exe`, 7900)], ['has_executable', 'no_film']],
    ['a password to be fetched', [good, file('PASSWORD - read me.txt', 1)], ['asks_for_password']],
    ['archives alone', [file('grp.rar', 50), file('grp.r00', 50), file('grp.nfo', 1)], ['only_archives']],
    [
      'archives and a sample',
      [file('grp.rar', 900), file('Sample/grp-sample.mkv', 30)],
      ['only_archives', 'only_sample'],
    ],
    ['a sample alone', [file('Sample/grp-sample.mkv', 30)], ['only_sample']],
    ['a clip under the name of the film', [file(`${name}.mkv`, 12)], ['only_sample']],
    ['pictures', [file('a.jpg', 10), file('b.jpg', 10)], ['no_film']],
    ['another film', [file('Another.Film.2019.1080p.mkv', 7900)], ['other_title']],
    ['a film without a name', [file('00001.m2ts', 7900)], []],
    ['nothing', [], []],
  ])('%s', (_what, files, expected) => {
    expect(doubts(name, 8000 * MB, files)).toEqual(expected)
  })

  it('judges any list', () => {
    const any = fc.record({ path: fc.string({ unit: 'grapheme', maxLength: 80 }), sizeBytes: fc.nat() })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), fc.string(), (files, text) => {
        const found = doubts(text, undefined, files)
        expect(new Set(found).size).toBe(found.length)
      }),
    )
  })
})
