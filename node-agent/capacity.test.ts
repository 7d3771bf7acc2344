/** An agent that is full says so, and only to those who are new. */
import { describe, expect, it } from 'vitest'
import { createCapacity } from './capacity.ts'

const capacityOf = (...streams: string[]) =>
  createCapacity({ watched: () => new Set(streams), mostStreams: 2, makings: () => 1, mostMakings: 3 })

describe('createCapacity', () => {
  it('takes streams on until there are as many as may be', () => {
    expect(() => capacityOf('a').admit('b')).not.toThrow()
    expect(() => capacityOf('a', 'b').admit('c')).toThrow(expect.objectContaining({ code: 'busy' }))
  })

  it('opens a stream again that it plays already, also when it is full', () => {
    expect(() => capacityOf('a', 'b').admit('b')).not.toThrow()
  })

  it('says how much it does', () => {
    expect(capacityOf('a').load()).toEqual({ streams: 1, mostStreams: 2, makings: 1, mostMakings: 3 })
  })
})
