/** A token that was verified once is believed again, until its key is retired; one that was not never is. */
import { describe, expect, it } from 'vitest'
import type { StreamClaims } from '#protocol/stream-token.ts'
import { startMint } from '../testing/test-home.ts'
import { createFindKey } from './authorize.ts'
import { rememberVerified } from './verified-tokens.ts'

const claims: StreamClaims = {
  keyId: 'k1',
  streamId: 'stream-1',
  personId: 'person-1',
  sessionId: 'session-1',
  agentId: 'agent-1',
  sourceId: 'source-1',
  path: 'film.mp4',
  scopes: ['media'],
  notBefore: 0,
  expiresAt: 300,
  counter: 0,
  correlationId: 'correlation-1',
}

describe('rememberVerified', () => {
  it('gives the same claims again', async () => {
    const { mint, verificationKey } = await startMint()
    const read = rememberVerified(createFindKey(() => [verificationKey]))
    const token = await mint(claims)
    expect(await read(token)).toEqual(claims)
    expect(await read(token)).toEqual(claims)
  })

  it('forgets a token whose key is retired, or means another key now', async () => {
    const { mint, verificationKey } = await startMint()
    const other = await startMint()
    let keys = [verificationKey]
    const read = rememberVerified(createFindKey(() => keys))
    const token = await mint(claims)
    await read(token)
    keys = [other.verificationKey]
    await expect(read(token)).rejects.toMatchObject({ code: 'token_invalid' })
    keys = []
    await expect(read(token)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('refuses a token that differs from a verified one in its last letters, however many have been verified', async () => {
    const { mint, verificationKey } = await startMint()
    const read = rememberVerified(createFindKey(() => [verificationKey]))
    for (let counter = 0; counter < 300; counter++) await read(await mint({ ...claims, counter }))
    const token = await mint(claims)
    const forged = `${token.slice(0, -4)}AAAA`
    for (let time = 0; time < 2; time++) await expect(read(forged)).rejects.toMatchObject({ code: 'token_invalid' })
    expect(await read(token)).toEqual(claims)
  })
})
