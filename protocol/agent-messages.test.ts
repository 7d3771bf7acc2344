import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AgentMessage, HubMessage } from './agent-messages.ts'
import { AgentRequest, agentReplies } from './agent-requests.ts'

describe('messages between hub and agent', () => {
  it('are refused, never thrown over, whatever arrives', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(HubMessage.safeParse(value).success).toBe(false)
        expect(AgentMessage.safeParse(value).success).toBe(false)
      }),
    )
  })

  it('have a described reply for every kind of request', () => {
    const kinds = AgentRequest.options.map((option) => option.shape.kind.value)
    expect(Object.keys(agentReplies).sort()).toEqual([...kinds].sort())
  })

  it('refuse a relayed path that is not a stream’s', () => {
    const relay = { kind: 'relay', streamId: 's', requestId: 'r', method: 'GET', path: '/api/stream/t', headers: {} }
    expect(AgentRequest.safeParse(relay).success).toBe(true)
    expect(AgentRequest.safeParse({ ...relay, path: '/health' }).success).toBe(false)
    expect(AgentRequest.safeParse({ ...relay, method: 'POST' }).success).toBe(false)
  })
})
