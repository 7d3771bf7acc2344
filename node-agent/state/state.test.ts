/** What is kept comes back after a restart. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { nothingFound } from './probe.ts'
import { openState } from './state.ts'

const hints = { trackers: ['udp://t.example:1'], webSeeds: [], peers: ['127.0.0.1:1'] }
const hash = (digit: string) => digit.repeat(40)

describe('the state of the agent', () => {
  it('brings back identity, keys, torrents, sources, leases and revocations', () => {
    const directory = temporaryDirectory()
    const before = openState(directory)
    before.settings.set('agentId', 'agent-1')
    before.settings.replaceVerificationKeys([{ keyId: 'k1', publicKey: 'p1' }])
    before.torrents.add(hash('a'), { info: Uint8Array.of(1, 2), bitfield: Uint8Array.of(0) }, 1)
    before.torrents.saveBitfield(hash('a'), Uint8Array.of(0xf0))
    before.sources.save('s1', { infoHash: hash('a'), hints })
    before.sources.saveFile('s1', 'film.mp4', 10, { ...nothingFound, durationSeconds: 5 })
    const lease = { streamId: 'x', personId: 'p', sessionId: 'q', sourceId: 's1', path: 'f', counter: 2, expiresAt: 9 }
    before.streams.saveLease(lease)
    before.streams.revoke(['r1', 'r1', 'r2'], 5)
    before.close()

    const after = openState(directory)
    expect(after.settings.get('agentId')).toBe('agent-1')
    expect(after.settings.verificationKeys()).toEqual([{ keyId: 'k1', publicKey: 'p1' }])
    expect(after.torrents.find(hash('a'))).toEqual({ info: Uint8Array.of(1, 2), bitfield: Uint8Array.of(0xf0) })
    expect(after.sources.find('s1')).toEqual({ infoHash: hash('a'), hints })
    expect(after.sources.findFile('s1', 'film.mp4')).toMatchObject({ sizeBytes: 10, probe: { durationSeconds: 5 } })
    expect(after.streams.leases()).toEqual([lease])
    expect(after.streams.revoked()).toEqual(['r1', 'r2'])
    after.close()
  })

  it('replaces keys and revocations as a whole', () => {
    const state = openState(temporaryDirectory())
    state.settings.replaceVerificationKeys([{ keyId: 'k1', publicKey: 'p1' }])
    state.settings.replaceVerificationKeys([{ keyId: 'k2', publicKey: 'p2' }])
    state.streams.revoke(['r1'], 1)
    state.streams.replaceRevoked(['r2'], 2)
    expect(state.settings.verificationKeys()).toEqual([{ keyId: 'k2', publicKey: 'p2' }])
    expect(state.streams.revoked()).toEqual(['r2'])
    state.close()
  })

  it('keeps the pieces of a torrent that is added again', () => {
    const state = openState(temporaryDirectory())
    state.torrents.add(hash('a'), { info: Uint8Array.of(1), bitfield: Uint8Array.of(0xff) }, 1)
    state.torrents.add(hash('a'), { info: Uint8Array.of(1), bitfield: Uint8Array.of(0) }, 2)
    expect(state.torrents.find(hash('a'))?.bitfield).toEqual(Uint8Array.of(0xff))
    state.close()
  })

  it('keeps the probe of a file that is opened again', () => {
    const state = openState(temporaryDirectory())
    state.sources.save('s1', { infoHash: hash('a'), hints })
    state.sources.saveFile('s1', 'f', 10, nothingFound)
    state.sources.saveFile('s1', 'f', 10)
    expect(state.sources.findFile('s1', 'f')?.probe).toBeDefined()
    state.close()
  })

  it('knows nothing of a file whose probe an older agent stored', () => {
    const directory = temporaryDirectory()
    const state = openState(directory)
    state.sources.save('s1', { infoHash: hash('a'), hints })
    state.sources.saveFile('s1', 'f', 10, nothingFound)
    state.close()
    const database = new DatabaseSync(join(directory, 'state.db'))
    database.exec(`UPDATE files SET probe = '{"tracks":{"video":[],"audio":[],"subtitles":[]}}'`)
    database.close()
    const after = openState(directory)
    expect(after.sources.findFile('s1', 'f')).toEqual({ sizeBytes: 10, probe: undefined })
    after.close()
  })

  it('forgets the files of a source id that now means another torrent', () => {
    const state = openState(temporaryDirectory())
    state.sources.save('s1', { infoHash: hash('a'), hints })
    state.sources.saveFile('s1', 'f', 10)
    state.sources.save('s1', { infoHash: hash('a'), hints })
    expect(state.sources.findFile('s1', 'f')).toBeDefined()
    state.sources.save('s1', { infoHash: hash('b'), hints })
    expect(state.sources.findFile('s1', 'f')).toBeUndefined()
    state.close()
  })

  it('keeps the latest changes of the VPN guard', () => {
    const state = openState(temporaryDirectory())
    for (let at = 1; at <= 250; at++) state.vpn.add({ at: at + 0.5, isOpen: at % 2 === 0, reason: `r${at}` })
    expect(state.vpn.latest(2)).toEqual([
      { at: 250, isOpen: true, reason: 'r250' },
      { at: 249, isOpen: false, reason: 'r249' },
    ])
    expect(state.vpn.latest(1000)).toHaveLength(200)
    state.close()
  })

  it('tidies what is long over', () => {
    const state = openState(temporaryDirectory())
    const lease = { personId: 'p', sessionId: 'q', sourceId: 's', path: 'f', counter: 0 }
    state.streams.saveLease({ ...lease, streamId: 'old', expiresAt: 100 })
    state.streams.saveLease({ ...lease, streamId: 'new', expiresAt: 100_000 })
    state.streams.revoke(['r-old'], 100)
    state.streams.revoke(['r-new'], 100_000)
    state.streams.tidy(100_010)
    expect(state.streams.leases().map((kept) => kept.streamId)).toEqual(['new'])
    expect(state.streams.revoked()).toEqual(['r-new'])
    state.close()
  })
})
