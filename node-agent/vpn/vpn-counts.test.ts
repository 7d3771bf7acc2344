/** The guard in numbers. */
import { expect, it } from 'vitest'
import { createVpnCounter } from './vpn-counts.ts'

it('counts how often it opened and shut, and how long it was shut, as of now', () => {
  const counter = createVpnCounter(1000)
  expect(counter.counts(4000)).toEqual({ opens: 0, shuts: 0, shutSeconds: 3 })
  counter.note({ isOpen: true, atMs: 5000 })
  counter.note({ isOpen: true, atMs: 6000 })
  expect(counter.counts(60_000)).toEqual({ opens: 1, shuts: 0, shutSeconds: 4 })
  counter.note({ isOpen: false, atMs: 100_000 })
  counter.note({ isOpen: false, atMs: 101_000 })
  expect(counter.counts(110_000)).toEqual({ opens: 1, shuts: 1, shutSeconds: 14 })
  counter.note({ isOpen: true, atMs: 120_000 })
  expect(counter.counts(999_000)).toEqual({ opens: 2, shuts: 1, shutSeconds: 24 })
})
