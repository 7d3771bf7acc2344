/** Many key exchanges in one shared group, each with keys of its own. */
import { createDiffieHellman } from 'node:crypto'
import Wire from 'bittorrent-protocol'
import { describe, expect, it } from 'vitest'
import { cheapenEncryption, PRIME } from './cheap-encryption.ts'

type Dh = { generateKeys(): Uint8Array; computeSecret(theirs: Uint8Array): Uint8Array }
const EncryptedWire = Wire as unknown as new (type: 'tcpIncoming', secure: 1) => { readonly _encryptor: { dh: Dh } }
const keys = () => new EncryptedWire('tcpIncoming', 1)._encryptor.dh

describe('cheapenEncryption', () => {
  it('agrees with whoever does it the plain way, however many exchanges run at once', () => {
    cheapenEncryption()
    const ours = Array.from({ length: 20 }, keys)
    const theirs = createDiffieHellman(PRIME, 'hex', 2)
    const theirKey = theirs.generateKeys()
    const ourKeys = ours.map((one) => Buffer.from(one.generateKeys()))
    expect(new Set(ourKeys.map((key) => key.toString('hex'))).size).toBe(20)
    for (const [index, one] of ours.entries()) {
      const secret = Buffer.from(one.computeSecret(theirKey))
      expect(secret.equals(theirs.computeSecret(ourKeys[index] ?? Buffer.alloc(0)))).toBe(true)
      expect(secret.length).toBe(96)
    }
  })
})
