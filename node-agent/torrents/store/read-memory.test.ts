/** Memory that is given back is lent again, to one borrower at a time, and little of it is kept. */
import { expect, it } from 'vitest'
import { lendMemory, returnMemory } from './read-memory.ts'

const KiB = 1024

it.each([1, 64 * KiB, 64 * KiB + 1, 100_000, 512 * KiB, 3_000_000])('lends at least %i bytes', (sizeBytes) => {
  expect(lendMemory(sizeBytes).length).toBeGreaterThanOrEqual(sizeBytes)
})

it('lends what was given back again, to one borrower', () => {
  const first = lendMemory(100 * KiB)
  returnMemory(first)
  expect(lendMemory(128 * KiB)).toBe(first)
  expect(lendMemory(128 * KiB)).not.toBe(first)
})

it('keeps 8 MiB, and nothing that is larger than a read', () => {
  const large = lendMemory(1024 * KiB)
  returnMemory(large)
  expect(lendMemory(1024 * KiB)).not.toBe(large)
  const lent = Array.from({ length: 50 }, () => lendMemory(512 * KiB))
  for (const memory of lent) returnMemory(memory)
  const again = new Set(Array.from({ length: 50 }, () => lendMemory(512 * KiB)))
  expect(again.size).toBe(50)
  expect(lent.filter((memory) => again.has(memory))).toHaveLength(16)
})
