/** An agent that leaves: it says so once, and waits for its viewers no longer than it may. */
import { describe, expect, it, vi } from 'vitest'
import { createDrain } from './drain.ts'

describe('createDrain', () => {
  it('tells each change of the answer once, whoever wants it', async () => {
    const onChange = vi.fn()
    const drain = createDrain(() => 0, onChange)
    drain.set(false)
    expect(onChange).toHaveBeenCalledTimes(0)
    drain.set(true)
    drain.set(true)
    expect([drain.isLeaving(), onChange.mock.calls.length]).toEqual([true, 1])
    await drain.leave(1)
    drain.set(false)
    // Stopping is not undone by an admin who ends the drain.
    expect([drain.isLeaving(), onChange.mock.calls.length]).toEqual([true, 1])
  })

  it('waits until the last viewer has gone', async () => {
    let looks = 3
    const drain = createDrain(
      () => --looks,
      () => {},
    )
    await drain.leave(60)
    expect(looks).toBe(0)
  })

  it('goes without a viewer who does not leave', async () => {
    const streams = vi.fn(() => 1)
    await createDrain(streams, () => {}).leave(0.1)
    expect(streams.mock.calls.length).toBe(2)
  })
})
