/** Metadata from strangers: honest torrents are laid out, hostile ones are refused before anything is opened. */
import parseTorrent, { type ParsedTorrent } from 'parse-torrent'
import { describe, expect, it } from 'vitest'
import { torrentLayout } from './torrent-layout.ts'

const KiB = 1024
/** Bencodes (BEP 3) what a hostile torrent could say; keys are sorted as the format asks. */
function bencode(value: unknown): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`)
  if (typeof value === 'string') return bencode(Buffer.from(value))
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value])
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('l'), ...value.map(bencode), Buffer.from('e')])
  const entries = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([Buffer.from('d'), ...entries.flatMap(([k, v]) => [bencode(k), bencode(v)]), Buffer.from('e')])
}
const hashes = (count: number) => Buffer.alloc(count * 20, 7)
const torrent = (info: object): Promise<ParsedTorrent> => parseTorrent(bencode({ info }))
const single = { name: 'film.mp4', length: 40 * KiB, 'piece length': 16 * KiB, pieces: hashes(3) }
const several = (files: object[]) => ({ name: 'Film', files, 'piece length': 16 * KiB, pieces: hashes(3) })

describe('torrentLayout', () => {
  it('lays out a single file', async () => {
    const layout = torrentLayout(await torrent(single))
    expect(layout).toMatchObject({ name: 'film.mp4', sizeBytes: 40 * KiB, pieceBytes: 16 * KiB, pieceCount: 3 })
    expect(layout.files).toEqual([
      { index: 0, path: 'film.mp4', sizeBytes: 40 * KiB, offsetBytes: 0, diskName: '0000-film.mp4', isPadding: false },
    ])
  })

  it('lays out several files, and knows padding', async () => {
    const layout = torrentLayout(
      await torrent(
        several([
          { path: ['notes.txt'], length: 10 * KiB },
          { path: ['.pad', '6144'], length: 6 * KiB, attr: 'p' },
          { path: ['Sub', 'film.mp4'], length: 24 * KiB },
          { path: ['empty'], length: 0 },
        ]),
      ),
    )
    expect(layout.files.map(({ path, offsetBytes, isPadding }) => [path, offsetBytes, isPadding])).toEqual([
      ['Film/notes.txt', 0, false],
      ['Film/.pad/6144', 10 * KiB, true],
      ['Film/Sub/film.mp4', 16 * KiB, false],
      ['Film/empty', 40 * KiB, false],
    ])
  })

  it.each<[string, object]>([
    ['a name that climbs', { ...single, name: '../../.ssh/authorized_keys' }],
    ['an absolute name', { ...single, name: '/etc/passwd' }],
    ['a name of dots', { ...single, name: '..' }],
    ['a name with a zero byte', { ...single, name: 'film\0.mp4' }],
    ['a name with a line break', { ...single, name: 'film\n.mp4' }],
    ['a path that climbs', several([{ path: ['..', '..', 'x'], length: 40 * KiB }])],
    ['a part that hides a separator', several([{ path: ['a/../../x'], length: 40 * KiB }])],
    ['a part that hides a Windows separator', several([{ path: ['..\\x'], length: 40 * KiB }])],
    ['an empty part', several([{ path: ['a', '', 'b'], length: 40 * KiB }])],
    ['a path without parts', several([{ path: [], length: 40 * KiB }])],
    ['a path of a thousand parts', several([{ path: Array(1000).fill('aa'), length: 40 * KiB }])],
    ['a path.utf-8 that climbs', several([{ path: ['x'], 'path.utf-8': ['..', 'x'], length: 40 * KiB }])],
    [
      'a negative length',
      several([
        { path: ['a'], length: -1 },
        { path: ['b'], length: 40 * KiB + 1 },
      ]),
    ],
    ['a length beyond any disk', { ...single, length: 2 ** 60 }],
    ['pieces of no length', { ...single, 'piece length': 0 }],
    ['pieces of one byte', { ...single, length: 3, 'piece length': 1 }],
    ['pieces larger than memory', { ...single, length: 3 * 2 ** 40, 'piece length': 2 ** 40 }],
    ['too few hashes', { ...single, pieces: hashes(2) }],
    ['too many hashes', { ...single, pieces: hashes(4) }],
    ['half a hash', { ...single, pieces: hashes(3).subarray(0, 50) }],
    ['no hashes', { ...single, pieces: hashes(0) }],
    ['no bytes at all', { ...single, length: 0, pieces: hashes(0) }],
    ['twenty-one thousand files', several(Array.from({ length: 21_000 }, (_, i) => ({ path: [`${i}`], length: 0 })))],
  ])('refuses %s', async (_what, info) => {
    const outcome = torrent(info).then(torrentLayout)
    await expect(outcome).rejects.toThrow()
  })
})
