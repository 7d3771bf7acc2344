/** What comes in on a socket is a message or a reason to close, never a crash. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAgentMessage } from './read-agent-message.ts'

describe('a message from an agent', () => {
  it('is read when it is one', () => {
    const stage = { type: 'stage', id: 'a', stage: 'peers', peers: 3 }
    expect(readAgentMessage(JSON.stringify(stage))).toEqual({ ok: true, message: stage })
  })

  it('may carry fields of a newer version', () => {
    const stage = { type: 'stage', id: 'a', stage: 'peers', peers: 3, mood: 'good' }
    expect(readAgentMessage(JSON.stringify(stage))).toMatchObject({ ok: true })
  })

  it.each([
    ['binary', new ArrayBuffer(3), 'binary'],
    ['an empty text', '', 'malformed'],
    ['null', 'null', 'malformed'],
    ['a number of peers below zero', '{"type":"stage","id":"a","stage":"peers","peers":-1}', 'malformed'],
    ['an old version, however it looks otherwise', '{"type":"hello","protocolVersion":0}', 'version'],
    ['a future version with another shape', '{"type":"hello","protocolVersion":2,"proof":{}}', 'version'],
    ['too much', `"${'x'.repeat(1024 * 1024)}"`, 'too_large'],
  ])('closes the socket when it is %s', (_name, data, reason) => {
    expect(readAgentMessage(data)).toMatchObject({ ok: false, reason })
  })

  it('never throws', () => {
    const types = fc.constantFrom('hello', 'changed', 'stage', 'reply', 'failed', '__proto__')
    const shaped = fc
      .tuple(types, fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([type, rest]) => JSON.stringify({ ...rest, type }))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), shaped), (data) => {
        expect(typeof readAgentMessage(data).ok).toBe('boolean')
      }),
    )
  })
})
