/** A .torrent as anybody may have made it: what it says, and what is none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bencode, type Plain, torrentOf } from '../../testing/bencode.ts'
import { readBencode } from './bencode.ts'
import { readTorrent } from './read-torrent.ts'

const info = {
  length: 1000,
  name: 'Film.2001.1080p.mkv',
  'piece length': 16384,
  pieces: 'x'.repeat(20),
}
const read = (root: Plain) => readTorrent(bencode(root))

describe('a torrent', () => {
  it('says its hash, its name, its size and where its peers are', async () => {
    const root = {
      announce: 'udp://one.example:1',
      'announce-list': [['udp://one.example:1', 'file:///etc'], ['https://two.example/announce']],
      info,
      'url-list': 'https://seed.example/film',
    }
    const digest = await crypto.subtle.digest('SHA-1', bencode(info))
    expect(await read(root)).toEqual({
      infoHash: [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      ...{ name: info.name, sizeBytes: 1000, isPrivate: false },
      trackers: ['udp://one.example:1', 'https://two.example/announce'],
      seeds: ['https://seed.example/film'],
    })
  })

  it('has the hash that every other program gives it', async () => {
    // The .torrent of BEP 3's simplest form; its hash was taken with another program.
    const torrent = torrentOf('a.txt', 4, 'A'.repeat(20))
    const other = new Uint8Array(
      await crypto.subtle.digest(
        'SHA-1',
        new TextEncoder().encode('d6:lengthi4e4:name5:a.txt12:piece lengthi16384e6:pieces20:AAAAAAAAAAAAAAAAAAAAe'),
      ),
    )
    const hex = [...other].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    expect((await readTorrent(torrent))?.infoHash).toBe(hex)
  })

  it('of several files weighs what all of them do, and may be private', async () => {
    const { length: _one, ...several } = info
    const files = [
      { length: 10, path: ['Season 1', 'one.mkv'] },
      { length: 20, path: ['two.mkv'] },
    ]
    expect(await read({ info: { ...several, files, private: 1 } })).toMatchObject({ sizeBytes: 30, isPrivate: true })
  })

  it.each<[string, Plain]>([
    ['without a dictionary of info', { info: 'nothing' }],
    ['without a name', { info: { ...info, name: '' } }],
    ['without pieces', { info: { ...info, pieces: '' } }],
    ['with half a piece', { info: { ...info, pieces: 'x'.repeat(19) } }],
    ['with pieces of no length', { info: { ...info, 'piece length': 0 } }],
    ['with a file of less than nothing', { info: { ...info, length: -1 } }],
    ['with files without paths', { info: { ...info, files: [{ length: 1, path: [] }] } }],
    ['that is a list', [{ info }]],
  ])('is none %s', async (_what, root) => {
    expect(await read(root)).toBeUndefined()
  })
})

describe('bencode', () => {
  it.each([
    ['', 'nothing'],
    ['i1', 'a number without an end'],
    ['i-e', 'a minus alone'],
    ['i12345678901234567e', 'a number that is too long'],
    ['5:abc', 'less than it says'],
    ['-1:a', 'a length below nothing'],
    ['l', 'a list without an end'],
    ['di1ei2ee', 'a key that is a number'],
    ['d1:ai1e1:ai2ee', 'the same key twice'],
    ['i1ei2e', 'something behind its end'],
    ['l'.repeat(50) + 'e'.repeat(50), 'a depth that nobody needs'],
    [`l${'le'.repeat(200_001)}e`, 'more values than anybody needs'],
  ])('is not %#: %s', (text) => {
    expect(readBencode(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toBeUndefined()
  })

  it('reads what was written, and keeps where it lay', () => {
    const plain = fc.letrec<{ value: Plain }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string({ unit: 'grapheme-ascii' }),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = bencode(value)
        expect(readBencode(bytes)).toMatchObject({ from: 0, to: bytes.length })
      }),
    )
  })

  it('reads or refuses any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const torrent = await readTorrent(Uint8Array.from(bytes))
        if (torrent) expect(torrent.infoHash).toMatch(/^[0-9a-f]{40}$/)
      }),
    )
  })
})
