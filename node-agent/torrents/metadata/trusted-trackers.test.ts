/** A tracker on the home network is called only when this home itself named it. */
import { describe, expect, it } from 'vitest'
import { readTorrentSource } from './read-torrent-source.ts'
import { trustedTrackers } from './trusted-trackers.ts'

const infoHash = 'a'.repeat(40)
const local = 'http://127.0.0.1:9000/announce'
const source = { infoHash, magnet: `magnet:?xt=urn:btih:${infoHash}&tr=${encodeURIComponent(local)}` }

describe('trustedTrackers', () => {
  it('trusts what the operator named', () => {
    expect(trustedTrackers([local]).isTrusted(local)).toBe(true)
  })

  it('trusts what an offer of its own names, exactly, and then takes it from any torrent', async () => {
    const trackers = trustedTrackers([])
    expect((await readTorrentSource(source, trackers.isTrusted)).hints.trackers).toEqual([])
    await trackers.trust(source)
    expect((await readTorrentSource(source, trackers.isTrusted)).hints.trackers).toEqual([local])
    expect(trackers.isTrusted('http://127.0.0.1:9001/announce')).toBe(false)
  })
})
