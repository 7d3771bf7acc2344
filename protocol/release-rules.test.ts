/** Which rules of an operator hold of which release. */
import { describe, expect, it } from 'vitest'
import type { Release } from './release.ts'
import { judgeRelease, ReleaseRule } from './release-rules.ts'

const release: Release = {
  title: 'Sintel',
  heightPixels: 1080,
  source: 'web-dl',
  videoCodec: 'hevc',
  group: 'DURiAN',
  hdr: ['hdr10'],
  audioCodecs: ['eac3'],
  languages: ['it', 'en'],
  subtitles: [],
  editions: [],
}
const GB = 1e9

describe('judgeRelease', () => {
  it.each<[string, Omit<ReleaseRule, 'effect'>, boolean]>([
    ['a source it is from', { sources: ['cam', 'web-dl'] }, true],
    ['a source it is not from', { sources: ['cam'] }, false],
    ['one of its languages', { languages: ['en'] }, true],
    ['a language nobody speaks in it', { languages: ['fr'] }, false],
    ['its group in other letters', { groups: ['Durian'] }, true],
    ['a size within', { leastBytes: GB, mostBytes: 4 * GB }, true],
    ['a size beyond', { leastBytes: 3 * GB }, false],
    ['lines enough', { leastHeightPixels: 1080 }, true],
    ['lines too many', { mostHeightPixels: 720 }, false],
    ['both of two conditions', { videoCodecs: ['hevc'], hdr: ['hdr10'] }, true],
    ['one of two conditions', { videoCodecs: ['hevc'], hdr: ['hlg'] }, false],
    ['that it is in one picture', { isThreeD: false }, true],
    ['that it is a remux', { isRemux: true }, false],
    ['a sound it has not', { audioCodecs: ['dts'] }, false],
  ])('holds of %s: %o is %s', (_what, rule, expected) => {
    expect(judgeRelease(release, 2 * GB, [{ effect: 'refuse', ...rule }]).isRefused).toBe(expected)
  })

  it('holds nothing of a size or a height that nobody knows', () => {
    const { heightPixels: _unknown, ...silent } = release
    const rules: ReleaseRule[] = [
      { effect: 'refuse', mostBytes: GB },
      { effect: 'refuse', mostHeightPixels: 720 },
    ]
    expect(judgeRelease(silent, null, rules)).toEqual({ isRefused: false, weight: 0 })
  })

  it('counts what is preferred against what is avoided', () => {
    const rules: ReleaseRule[] = [
      { effect: 'prefer', languages: ['it'] },
      { effect: 'prefer', videoCodecs: ['hevc'] },
      { effect: 'avoid', sources: ['web-dl'] },
    ]
    expect(judgeRelease(release, null, rules)).toEqual({ isRefused: false, weight: 1 })
  })

  it('takes no rule without a condition', () => {
    expect(ReleaseRule.safeParse({ effect: 'refuse' }).success).toBe(false)
    expect(ReleaseRule.safeParse({ effect: 'refuse', groups: [] }).success).toBe(false)
  })
})
