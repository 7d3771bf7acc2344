/** Fifty at once begin in the order they came, a few a turn; one alone does not wait. */
import { describe, expect, it } from 'vitest'
import { inTurns } from './in-turns.ts'

function begin() {
  const turns: (() => void)[] = []
  const wait = inTurns((then) => turns.push(then))
  const order: number[] = []
  const ask = async (number: number) => {
    await wait()
    order.push(number)
  }
  const nextTurn = async () => {
    turns.shift()?.()
    await new Promise(setImmediate)
  }
  return { wait, ask, order, turns, nextTurn }
}

describe('inTurns', () => {
  it('lets one that comes alone begin at once, again and again', async () => {
    const { wait, turns, nextTurn } = begin()
    for (let request = 0; request < 10; request++) {
      expect(wait()).toBeUndefined()
      await nextTurn()
      await nextTurn()
    }
    expect(turns).toEqual([])
  })

  it('lets fifty begin in the order they came, four in a turn, and leaves no turn behind', async () => {
    const { ask, order, turns, nextTurn } = begin()
    const all = Array.from({ length: 50 }, (_, number) => number)
    const asked = Promise.all(all.map(ask))
    for (let begun = 4; order.length < 50; begun += 4) {
      await nextTurn()
      expect(order.length).toBe(Math.min(50, begun + 4))
    }
    await asked
    expect(order).toEqual(all)
    await nextTurn()
    expect(turns).toEqual([])
  })

  it('lets nobody who comes later begin before those who wait', async () => {
    const { ask, order, nextTurn } = begin()
    for (let number = 0; number < 6; number++) void ask(number)
    await nextTurn()
    for (let number = 6; number < 9; number++) void ask(number)
    for (let turn = 0; turn < 4; turn++) await nextTurn()
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  })
})
