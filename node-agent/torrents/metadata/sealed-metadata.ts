/** Info dictionaries kept sealed (AES-256-GCM) under a key of this agent alone, and found again by a blind id. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { TorrentBlobState } from '../../state/torrent-blob-state.ts'

/** A film's is some tens of kilobytes. */
const MOST_BYTES = 2 * 1024 * 1024
const [NONCE_BYTES, TAG_BYTES] = [12, 16]

export type SealedMetadata = {
  keep: (infoHash: string, info: Uint8Array) => void
  /** Undefined as well for one that another key sealed, or that was changed. */
  find: (infoHash: string) => Uint8Array | undefined
}

/** `secret`: the agent's own; keys for this are derived from it (HKDF, RFC 5869). */
export function createSealedMetadata(
  state: Pick<TorrentBlobState, 'keep' | 'find'>,
  secret: Uint8Array,
  now: () => number = () => Date.now() / 1000,
): SealedMetadata {
  const keyFor = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `torrent metadata ${purpose}`, 32))
  const [sealing, finding] = [keyFor('sealing'), keyFor('finding')]
  const idOf = (infoHash: string) => createHmac('sha256', finding).update(infoHash).digest('base64url')
  return {
    keep(infoHash, info) {
      if (info.length > MOST_BYTES) return
      const id = idOf(infoHash)
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(id))
      const sealed = Buffer.concat([nonce, cipher.update(info), cipher.final()])
      state.keep(id, Buffer.concat([sealed, cipher.getAuthTag()]), now())
    },
    find(infoHash) {
      const id = idOf(infoHash)
      const sealed = state.find(id)
      if (!sealed || sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealing, sealed.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(id))
          .setAuthTag(sealed.subarray(-TAG_BYTES))
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
