import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError, errorStatus } from '#protocol/errors.ts'
import { answered, failureCode, isPassing, NoRoute, readRefusal, Unreachable } from './failure.ts'

const respond = (status: number, body: string) => Promise.resolve(new Response(body, { status }))

describe('an answer', () => {
  it('is given as it is when it is a success', async () => {
    expect((await answered(respond(200, '{}'))).status).toBe(200)
  })

  it('throws the code of a refusal', async () => {
    const body = JSON.stringify({ error: { code: 'no_source', message: 'None.' } })
    await expect(answered(respond(404, body))).rejects.toMatchObject({ code: 'no_source' })
  })

  it.each([502, 503, 504])('counts a gateway page with status %i as no answer', async (status) => {
    await expect(answered(respond(status, '<html>'))).rejects.toBeInstanceOf(Unreachable)
  })

  it('is unreachable when fetch throws, with the cause kept', async () => {
    const cause = new TypeError('Failed to fetch')
    await expect(answered(Promise.reject(cause))).rejects.toMatchObject({ name: 'Unreachable', cause })
  })

  it('lets an abort through as an abort', async () => {
    const abort = new DOMException('left', 'AbortError')
    await expect(answered(Promise.reject(abort))).rejects.toBe(abort)
  })
})

describe('a refusal', () => {
  it('is never read from anything that is not one', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        const refusal = readRefusal(body)
        expect(refusal === undefined || refusal instanceof AppError).toBe(true)
      }),
    )
  })

  it.each(['constructor', '__proto__', 'toString', 'never_heard_of'])('does not take %s for a code', (code) => {
    expect(readRefusal({ error: { code, message: 'x' } })).toBeUndefined()
  })

  it('is read for every code of the table', () => {
    for (const code of Object.keys(errorStatus))
      expect(readRefusal({ error: { code, message: 'x' } })).toMatchObject({ code })
  })
})

it('blames the device when it is offline', () => {
  expect(failureCode(new Unreachable(), false)).toBe('offline')
  expect(failureCode(new NoRoute(), false)).toBe('offline')
  expect(failureCode(new AppError('busy', 'x'), false)).toBe('busy')
})

it('takes what a person must solve for lasting, and what time solves for passing', () => {
  for (const code of ['forbidden', 'no_source', 'session_ended', 'setup_closed', 'no_playable_file'] as const)
    expect(isPassing(code)).toBe(false)
  for (const code of ['agent_offline', 'unreachable', 'offline', 'no_peers', 'busy', 'vpn_down'] as const)
    expect(isPassing(code)).toBe(true)
})
