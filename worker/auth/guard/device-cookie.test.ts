/** Device cookies: good for one account, from one ring. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readKeyring } from '../../keyring.ts'
import { mintDeviceCookie, readDevice } from './device-cookie.ts'

const ring = readKeyring('{"active":"t1","keys":{"t1":"dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdC0"}}')
const other = readKeyring('{"active":"t1","keys":{"t1":"b3RoZXIta2V5LW90aGVyLWtleS1vdGhlci1rZXktb28"}}')

describe('a device cookie', () => {
  it('proves an earlier sign-in to its account and to no other', async () => {
    const cookie = await mintDeviceCookie(ring, 'ada')
    expect(await readDevice(ring, 'ada', cookie)).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(await readDevice(ring, 'bob', cookie)).toBeUndefined()
    expect(await readDevice(other, 'ada', cookie)).toBeUndefined()
  })

  it('is not forged by changing a letter', async () => {
    const cookie = await mintDeviceCookie(ring, 'ada')
    await fc.assert(
      fc.asyncProperty(fc.nat(cookie.length - 1), fc.constantFrom('A', 'b', '9', '.', '_'), async (at, letter) => {
        const changed = cookie.slice(0, at) + letter + cookie.slice(at + 1)
        // The last letter carries two bits that say nothing.
        if (changed !== cookie && at < cookie.length - 1) expect(await readDevice(ring, 'ada', changed)).toBeUndefined()
      }),
    )
  })
})
