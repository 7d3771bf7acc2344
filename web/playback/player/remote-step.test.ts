import { expect, it } from 'vitest'
import { type RemoteFocus, remoteStep } from './remote-step.ts'

it.each<[string, RemoteFocus, 1 | -1 | 'press' | undefined]>([
  ['ArrowRight', 'other', 1],
  ['ArrowDown', 'other', 1],
  ['ArrowLeft', 'other', -1],
  ['ArrowUp', 'other', -1],
  ['Enter', 'other', undefined],
  ['ArrowRight', 'bar', undefined],
  ['ArrowLeft', 'bar', undefined],
  ['ArrowDown', 'bar', 1],
  ['ArrowLeft', 'field', undefined],
  ['ArrowUp', 'field', -1],
  ['ArrowLeft', 'choice', -1],
  ['ArrowDown', 'choice', 1],
  ['Enter', 'choice', 'press'],
  ['Enter', 'field', undefined],
  ['Escape', 'other', undefined],
  [' ', 'choice', undefined],
])('%j on a %s', (key, focus, step) => expect(remoteStep(key, focus)).toBe(step))
