import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { forget, readRemembered, remember } from './remembered-people.ts'

function storageWith(text?: string) {
  const entries = new Map<string, string>(text === undefined ? [] : [['porchlight.people', text]])
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  }
}

it('remembers people newest first, one entry a session, and who is signed in now', () => {
  const storage = storageWith()
  remember(storage, { sessionId: 'a', displayName: 'Ana' })
  remember(storage, { sessionId: 'b', displayName: 'Ben' })
  remember(storage, { sessionId: 'a', displayName: 'Ana C.' })
  expect(readRemembered(storage)).toEqual({
    people: [
      { sessionId: 'a', displayName: 'Ana C.' },
      { sessionId: 'b', displayName: 'Ben' },
    ],
    current: 'a',
  })
  forget(storage, 'a')
  expect(readRemembered(storage)).toEqual({ people: [{ sessionId: 'b', displayName: 'Ben' }] })
})

it('finds nobody in what was tampered with, and never a path in a session id', () => {
  const evil = JSON.stringify({ people: [{ sessionId: '../../evil', displayName: 'x' }], current: '../../evil' })
  expect(readRemembered(storageWith(evil))).toEqual({ people: [] })
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const { people, current } = readRemembered(storageWith(text))
      expect(people.every(({ sessionId }) => /^[\w-]+$/.test(sessionId))).toBe(true)
      expect(current === undefined || people.some(({ sessionId }) => sessionId === current)).toBe(true)
    }),
  )
})

it('does without a storage that refuses', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  expect(() => remember(full, { sessionId: 'a', displayName: 'Ana' })).not.toThrow()
})
