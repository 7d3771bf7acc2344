/** Sealed columns and blind indexes: what opens where, and what never does. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blindIndex, blindIndexes, isSealed, openField, sealField } from './field-encryption.ts'
import { readKeyring } from './keyring.ts'

const [a, b] = ['YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE', 'YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI']
const ringA = readKeyring(JSON.stringify({ active: 'a', keys: { a } }))
const ringAB = readKeyring(JSON.stringify({ active: 'b', keys: { a, b } }))
const place = { table: 'users', column: 'email', rowId: 'row-1' }

describe('a sealed field', () => {
  it('opens to what was sealed, whatever it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const sealed = await sealField(ringA, place, text)
        expect(sealed).toMatch(/^enc:v1:a:[A-Za-z0-9_-]+$/)
        expect(await openField(ringA, place, sealed)).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('is another text each time', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealField(ringA, place, 'ada@example.org')))
    expect(new Set(sealed).size).toBe(50)
  })

  it.each([
    ['row', { ...place, rowId: 'row-2' }],
    ['column', { ...place, column: 'token' }],
    ['table', { ...place, table: 'identities' }],
  ])('does not open in another %s', async (_name, other) => {
    const sealed = await sealField(ringA, place, 'ada@example.org')
    await expect(openField(ringA, other, sealed)).rejects.toThrow(/does not open/)
  })

  it('does not open when a byte is changed, cut off, or another key is named', async () => {
    const sealed = await sealField(ringAB, place, 'ada@example.org')
    for (const spoilt of [
      sealed.slice(0, -2),
      sealed.replace('enc:v1:b:', 'enc:v1:a:'),
      sealed.replace('enc:v1:b:', 'enc:v1:zz:'),
      `${sealed.slice(0, 20)}${sealed[20] === 'A' ? 'B' : 'A'}${sealed.slice(21)}`,
      'ada@example.org',
      'enc:v1:b:',
    ]) {
      await expect(openField(ringAB, place, spoilt), spoilt).rejects.toThrow(/does not open/)
    }
  })

  it('never says what it held', async () => {
    const sealed = await sealField(ringA, place, 'ada@example.org')
    const error = await openField(ringA, { ...place, rowId: 'x' }, sealed).catch((caught: Error) => caught)
    expect(String(error)).not.toContain('ada')
  })

  it('opens after the active key changed, and is then sealed with the new one', async () => {
    const before = await sealField(ringA, place, 'ada@example.org')
    expect(await openField(ringAB, place, before)).toBe('ada@example.org')
    expect(before).toMatch(/^enc:v1:a:/)
    expect(await sealField(ringAB, place, 'x')).toMatch(/^enc:v1:b:/)
    expect([isSealed(before), isSealed('ada@example.org')]).toEqual([true, false])
  })
})

describe('a blind index', () => {
  it('is the same for the same text, another for another text, purpose and key', async () => {
    const one = await blindIndex(ringA, 'email', 'ada@example.org')
    expect(await blindIndex(ringA, 'email', 'ada@example.org')).toBe(one)
    const others = [
      await blindIndex(ringA, 'email', 'ben@example.org'),
      await blindIndex(ringA, 'invite', 'ada@example.org'),
      await blindIndex(ringAB, 'email', 'ada@example.org'),
    ]
    expect(new Set([one, ...others]).size).toBe(4)
  })

  it('finds what an older key of the ring indexed', async () => {
    const before = await blindIndex(ringA, 'email', 'ada@example.org')
    expect(await blindIndexes(ringAB, 'email', 'ada@example.org')).toEqual([expect.stringMatching(/^b\./), before])
  })
})
