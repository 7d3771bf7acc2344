import { expect, it } from 'vitest'
import { whereToStart } from './where-to-start.ts'

const at = (positionSeconds: number, watchedAtMs: number) => ({ positionSeconds, durationSeconds: 600, watchedAtMs })

it.each([
  ['nothing is known', { startOver: false, saved: null, local: undefined }, 0],
  ['the edge knows', { startOver: false, saved: at(120, 1), local: undefined }, 120],
  ['this browser knows later', { startOver: false, saved: at(120, 1), local: at(150, 2) }, 150],
  ['another device knows later', { startOver: false, saved: at(300, 3), local: at(150, 2) }, 300],
  ['only this browser knows', { startOver: false, saved: null, local: at(150, 2) }, 150],
  ['it was finished', { startOver: false, saved: at(590, 1), local: undefined }, 0],
  ['it has barely begun', { startOver: false, saved: at(2, 1), local: undefined }, 0],
  ['the person wants the start', { startOver: true, saved: at(120, 1), local: at(150, 2) }, 0],
])('when %s', (_, known, expected) => expect(whereToStart(known)).toBe(expected))
