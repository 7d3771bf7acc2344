/** Whether a player is shown bytes before their piece has verified is for the operator to say. */
import { expect, it, onTestFinished } from 'vitest'
import { pseudoRandomBytes, startSeeder } from '../testing/seeder.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { startTestTorrents } from '../testing/test-torrents.ts'
import { readRange } from './read-range.ts'

const MiB = 1024 * 1024

it.each([
  [true, false],
  [false, true],
])(
  'with unverified reads %s the first piece has verified by the first bytes: %s',
  async (unverifiedReads, isVerified) => {
    const film = Buffer.from(pseudoRandomBytes(2 * MiB))
    const seeder = await startSeeder({ files: { 'film.mp4': film }, pieceBytes: MiB, uploadLimit: MiB })
    onTestFinished(() => seeder.stop())
    const agent = await startTestTorrents(temporaryDirectory(), {}, { unverifiedReads })
    onTestFinished(() => agent.stop())
    const torrent = await agent.open(seeder.source)
    const [file] = torrent.layout.files
    if (!file) throw new Error('no film')
    const leaving = new AbortController()
    const reading = readRange(torrent, file, { start: 0, end: film.length - 1 }, leaving.signal, { unverified: true })
    const first = (await reading.next()).value ?? new Uint8Array()
    expect(film.subarray(0, first.length).equals(first)).toBe(true)
    expect(first.length).toBeGreaterThan(0)
    expect(torrent.isOnDisk(0)).toBe(isVerified)
    await reading.return()
  },
)
