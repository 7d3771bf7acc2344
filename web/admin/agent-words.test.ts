import { describe, expect, it } from 'vitest'
import { loadWords, stateWords } from './agent-words.ts'

const load = (streams: number, makings = 0) => ({ streams, mostStreams: 3, makings, mostMakings: 1 })
const serving = { online: true, mode: 'serving' as const, isLeaving: false, load: load(0) }

describe('what a box does', () => {
  it.each([
    ['nothing out of the ordinary', {}, undefined],
    ['nothing while it is away', { online: false, load: null }, undefined],
    ['its emptying', { mode: 'draining' as const, load: load(2) }, /new plays.*2 films still to go/],
    ['that it is empty', { mode: 'draining' as const }, /can be stopped now/],
    [
      'that it waits to be started',
      { online: false, mode: 'draining' as const, load: null },
      /once it has been started/,
    ],
    ['that it is looked after', { mode: 'maintenance' as const, load: load(1) }, /until you say so. 1 film still/],
    ['that it is about to stop', { isLeaving: true }, /^About to stop\.$/],
  ])('is said: %s', (_what, change, expected) => {
    const words = stateWords({ ...serving, ...change })
    if (expected) expect(words).toMatch(expected)
    else expect(words).toBe(undefined)
  })

  it.each([
    [load(0), 'Nobody is watching. It takes 3 at once.'],
    [load(1, 1), '1 film of 3, making 1 of 1.'],
    [load(3), '3 films of 3. That is all it takes.'],
    [null, undefined],
  ])('is counted: %j', (count, expected) => {
    expect(loadWords({ load: count })).toBe(expected)
  })
})
