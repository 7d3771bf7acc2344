/** What an isolate says again without asking: for how long, what empties it, and what is never kept. */
import { describe, expect, it } from 'vitest'
import { briefView, forgetViews, VIEW_SECONDS } from './brief-views.ts'

const counting = () => {
  let reads = 0
  return { read: async () => ++reads, reads: () => reads }
}

describe('a brief view', () => {
  it('is read once within its time, each key by itself', async () => {
    const [view, { read, reads }] = [briefView<number>({ mostKept: 10 }), counting()]
    expect([await view('a', 100, read), await view('a', 100 + VIEW_SECONDS - 1, read), reads()]).toEqual([1, 1, 1])
    expect([await view('b', 100, read), await view('a', 100 + VIEW_SECONDS, read)]).toEqual([2, 3])
  })

  it('is read again when the clock went back', async () => {
    const [view, { read }] = [briefView<number>({ mostKept: 10 }), counting()]
    await view('a', 100, read)
    expect(await view('a', 99, read)).toBe(2)
  })

  it('is emptied by what is written, and not filled with what was read before that', async () => {
    const [view, { read }] = [briefView<number>({ mostKept: 10 }), counting()]
    await view('a', 100, read)
    forgetViews()
    expect(await view('a', 100, read)).toBe(2)
    const reading = view('b', 100, async () => {
      await Promise.resolve()
      return read()
    })
    forgetViews()
    await reading
    expect(await view('b', 100, read)).toBe(4)
  })

  it('keeps no more than it may, nor what may not be kept', async () => {
    const [view, { read }] = [briefView<number>({ mostKept: 2, mayKeep: (value) => value !== 4 }), counting()]
    for (const key of ['a', 'b', 'c']) await view(key, 100, read)
    expect(await view('c', 100, read)).toBe(3)
    expect(await view('a', 100, read)).toBe(4)
    expect(await view('a', 100, read)).toBe(5)
  })
})
