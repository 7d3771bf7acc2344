/** Two peers of a weak swarm: one that stalls now and then, one that chokes and unchokes at random. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import parseTorrent from 'parse-torrent'
import { startScriptedPeer } from '../../node-agent/torrents/blocks/testing/scripted-peer.ts'
import type { Seeders } from './seeders.ts'

export type AwkwardPeers = { addresses: string[]; close(): Promise<void> }

const between = (from: number, to: number) => from + Math.random() * (to - from)

export async function startAwkwardPeers(seeders: Seeders, bytesPerSecond: number): Promise<AwkwardPeers> {
  const torrent = await parseTorrent(readFileSync(seeders.torrentFiles[0] ?? ''))
  const file = openSync(join(seeders.folder, 'film-0.bin'), 'r')
  const shared = {
    infoHash: torrent.infoHash,
    pieceCount: torrent.pieces.length,
    read(piece: number, offset: number, length: number) {
      const bytes = new Uint8Array(length)
      readSync(file, bytes, 0, length, piece * torrent.pieceLength + offset)
      return bytes
    },
  }
  const stallsFrom = { ms: performance.now() + 2000, forMs: 4000 }
  const stalling = await startScriptedPeer(shared, {
    bytesPerSecond,
    async answer({ bytes }) {
      const now = performance.now()
      if (now > stallsFrom.ms + stallsFrom.forMs) {
        stallsFrom.ms = now + between(1000, 4000)
        stallsFrom.forMs = between(2000, 6000)
      }
      const restMs = now < stallsFrom.ms ? 0 : stallsFrom.ms + stallsFrom.forMs - now
      await sleep(restMs)
      return bytes
    },
  })
  const choking = await startScriptedPeer(shared, {
    bytesPerSecond,
    async onConnected(wire, socket) {
      while (!socket.destroyed) {
        wire.unchoke()
        await sleep(between(500, 3000), undefined, { ref: false })
        wire.choke()
        await sleep(between(500, 3000), undefined, { ref: false })
      }
    },
  })
  return {
    addresses: [stalling.address, choking.address],
    async close() {
      await Promise.all([stalling.close(), choking.close()])
      closeSync(file)
    },
  }
}
