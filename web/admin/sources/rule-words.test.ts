/** Rules in words, and the ones that the form makes: each is one that the edge takes. */
import { describe, expect, it } from 'vitest'
import { ReleaseRule } from '#protocol/release-rules.ts'
import { conditions, ruleOf, ruleWords, typedFor } from './rule-words.ts'

describe('a rule', () => {
  it.each([
    [{ effect: 'refuse', sources: ['cam', 'telesync'] }, 'Never play: filmed in a cinema or telesync'],
    [{ effect: 'prefer', leastHeightPixels: 1080, videoCodecs: ['av1'] }, 'Rather: AV1, 1080 lines or more'],
    [{ effect: 'avoid', languages: ['de'], groups: ['GRP'] }, 'Rather not: in German, by GRP'],
    [{ effect: 'avoid', mostBytes: 2_000_000_000, isThreeD: false }, 'Rather not: 2.0 GB or less, not in 3D'],
    [{ effect: 'prefer', audioCodecs: ['eac3'], isRemux: true }, 'Rather: EAC3, the disc’s own streams'],
  ] as const)('%j is said', (rule, words) => {
    expect(ruleWords(ReleaseRule.parse(rule))).toBe(words)
  })

  it.each(conditions.map(([value]) => value))('is made of %s', (condition) => {
    const typed = { language: 'de', group: 'GRP', most: '12.5' }[condition] ?? ''
    const rule = ruleOf('refuse', condition, typed)
    expect(ReleaseRule.safeParse(rule).success).toBe(true)
    expect(typedFor[condition] !== undefined).toBe(typed !== '')
  })

  it.each([
    ['language', 'german'],
    ['group', '  '],
    ['most', 'much'],
    ['most', '0'],
    ['nothing', ''],
  ])('is not made of %s %j', (condition, typed) => {
    expect(ruleOf('prefer', condition, typed)).toBeUndefined()
  })
})
