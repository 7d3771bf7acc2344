/** Makes the key exchange of encrypted connections (MSE) cheap: webtorrent's holds up the whole process for each. */
import { createDiffieHellman, type DiffieHellman, randomBytes } from 'node:crypto'
import Wire from 'bittorrent-protocol'

/** The group of the MSE specification: its 768-bit prime, generator 2. */
export const PRIME =
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563'
/** What the specification asks of a private key. */
const PRIVATE_KEY_BYTES = 20

type KeyPair = { generateKeys(): Uint8Array; computeSecret(theirs: Uint8Array): Uint8Array }

/** Its second parameter switches encryption on; the encryptor is private. */
const EncryptedWire = Wire as unknown as new (type: 'tcpIncoming', secure: 1) => { readonly _encryptor: object }

/**
 * `createDiffieHellman` proves the prime anew each time, 40 ms and more without letting go of the event loop; any
 * stranger who connects would cost us that. The group is made once here, and every connection has its own key in it.
 */
export function cheapenEncryption(): void {
  let group: DiffieHellman | undefined
  const { _encryptor } = new EncryptedWire('tcpIncoming', 1)
  Object.defineProperty(Object.getPrototypeOf(_encryptor), 'dh', {
    configurable: true,
    get(this: { _dh: KeyPair | null }): KeyPair {
      group ??= createDiffieHellman(PRIME, 'hex', 2)
      this._dh ??= keyPairIn(group)
      return this._dh
    },
  })
}

/** The key is put into the shared group for each step; nothing else runs meanwhile. */
function keyPairIn(group: DiffieHellman): KeyPair {
  const privateKey = randomBytes(PRIVATE_KEY_BYTES)
  const publicKey = () => {
    group.setPrivateKey(privateKey)
    return group.generateKeys()
  }
  return {
    generateKeys: publicKey,
    computeSecret(theirs) {
      publicKey()
      return group.computeSecret(theirs)
    },
  }
}
