/** How far ahead is asked for. */
import { describe, expect, it } from 'vitest'
import { completesBehind, windowBytes } from './window.ts'

const MiB = 1024 * 1024

describe('windowBytes', () => {
  it.each([
    ['a probe asks for little', 0, 1 * MiB, 10 * MiB, 2 * MiB],
    ['and for more as it reads on', 1 * MiB, 1 * MiB, 10 * MiB, 6 * MiB],
    ['a film that plays has 20 s ahead in a fast swarm', 50 * MiB, 1 * MiB, 10 * MiB, 20 * MiB],
    ['and 60 s in a swarm that hardly keeps up', 50 * MiB, 1 * MiB, 1 * MiB, 60 * MiB],
    ['never more than 64 MiB', 500 * MiB, 10 * MiB, 20 * MiB, 64 * MiB],
    ['never less than 16 MiB once it plays', 500 * MiB, 0.1 * MiB, 20 * MiB, 16 * MiB],
    ['an unknown bitrate is taken for a good one', 50 * MiB, undefined, 10 * MiB, 20 * MiB],
  ])('%s', (_, readBytes, bytesPerSecond, swarmBytesPerSecond, expected) => {
    expect(windowBytes({ readBytes, bytesPerSecond, swarmBytesPerSecond })).toBe(expected)
  })
})

describe('completesBehind', () => {
  it('leaves the start of a piece alone until the reader plays', () => {
    expect(completesBehind(64 * 1024)).toBe(false)
    expect(completesBehind(3 * MiB)).toBe(true)
  })
})
