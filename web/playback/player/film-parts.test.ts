import { describe, expect, it } from 'vitest'
import { chapterAt, chapterCuts, neighbourChapter, skipAt } from './film-parts.ts'

const chapters = [
  { startSeconds: 0, name: 'Porch' },
  { startSeconds: 60, name: 'Hall' },
  { startSeconds: 120, name: 'Attic' },
]

describe('chapters', () => {
  it.each([
    [0, 'Porch'],
    [59.9, 'Porch'],
    [60, 'Hall'],
    [999, 'Attic'],
  ])('at %d s is %s', (seconds, name) => expect(chapterAt(chapters, seconds)?.name).toBe(name))

  it.each([
    ['on from the middle', 70, 1, 'Attic'],
    ['on from the last', 130, 1, undefined],
    ['back from the middle: to its own beginning', 70, -1, 'Hall'],
    ['back from just after a beginning: to the one before', 61, -1, 'Porch'],
    ['back from the first seconds: to the beginning', 1, -1, 'Porch'],
  ] as const)('%s', (_, seconds, by, name) => expect(neighbourChapter(chapters, seconds, by)?.name).toBe(name))

  it('cut the bar where one begins, but not at its ends', () => {
    expect(chapterCuts(chapters, 240)).toEqual([0.25, 0.5])
    expect(chapterCuts(chapters, 120)).toEqual([0.5])
    expect(chapterCuts(chapters, 0)).toEqual([])
  })
})

describe('what can be skipped', () => {
  const markers = [
    { kind: 'intro' as const, startSeconds: 10, endSeconds: 40 },
    { kind: 'credits' as const, startSeconds: 200, endSeconds: 260 },
  ]
  it.each([
    [9, undefined, undefined],
    [10, 'Skip intro', 40],
    [38, undefined, undefined],
    [210, 'Skip credits', 240],
  ])('at %d s: %s', (seconds, label, toSeconds) => {
    const skip = skipAt(markers, seconds, 240)
    expect(skip?.label).toBe(label)
    expect(skip?.toSeconds).toBe(toSeconds)
  })
})
