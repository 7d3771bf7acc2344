/** Magnet links as people paste them: what is kept of one, and what is none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TorrentSource } from '#protocol/source.ts'
import { readMagnet } from './read-magnet.ts'

const HASH = 'c9e15763f722f23e98a29decdfae341b98d53056'
const xt = `xt=urn:btih:${HASH}`

describe('a magnet', () => {
  it.each([
    ['in hexadecimal', `magnet:?${xt}`],
    ['in capitals, with space around it', ` MAGNET:?xt=urn:btih:${HASH.toUpperCase()}\n`],
    ['in base 32', 'magnet:?xt=urn:btih:ZHQVOY7XELZD5GFCTXWN7LRUDOMNKMCW'],
    ['as one of several topics', `magnet:?xt=urn:btmh:1220${'a'.repeat(64)}&xt.1=urn:btih:${HASH}`],
  ])('%s is found', (_what, pasted) => {
    expect(readMagnet(pasted)).toMatchObject({ infoHash: HASH, magnet: `magnet:?${xt}` })
  })

  it('keeps its name, its size and the ways to its peers, and nothing else', () => {
    const tracker = encodeURIComponent('udp://tracker.example:1337/announce?a=b&c')
    const pasted = `magnet:?${xt}&dn=A+Film+%282001%29&xl=123&tr=${tracker}&tr.2=file%3A%2F%2F%2Fetc&x.pe=127.0.0.1:6881&x.pe=no&ws=https%3A%2F%2Fa.example%2Ff&ws=ftp%3A%2F%2Fa.example&evil=1&so=0`
    expect(readMagnet(pasted)).toEqual({
      ...{ infoHash: HASH, name: 'A Film (2001)', sizeBytes: 123 },
      magnet: `magnet:?${xt}&dn=A%20Film%20(2001)&tr=${tracker}&x.pe=127.0.0.1:6881&ws=https%3A%2F%2Fa.example%2Ff`,
    })
  })

  it.each([
    ['', 'nothing'],
    [HASH, 'a bare hash'],
    ['https://example.org/film.torrent', 'another link'],
    ['magnet:?dn=Film', 'one without a hash'],
    [`magnet:?xt=urn:btih:${HASH}0`, 'a hash that is too long'],
    [`magnet:?xt=urn:sha1:${HASH}`, 'another topic'],
    [`magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`, 'one of version 2 alone'],
  ])('is not %j (%s)', (pasted) => {
    expect(readMagnet(pasted)).toBeUndefined()
  })

  it('made anew is one that an agent takes, however it was pasted', () => {
    const part = fc.tuple(
      fc.constantFrom('dn', 'tr', 'ws', 'x.pe', 'xl', 'xt', 'tr.1', ''),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const more = parts.map(([key, value]) => `&${key}=${value}`).join('')
        const read = readMagnet(`magnet:?${xt}${more}`)
        if (!read) throw new Error('it has a hash')
        expect(TorrentSource.safeParse({ infoHash: read.infoHash, magnet: read.magnet }).success).toBe(true)
        expect(readMagnet(read.magnet)).toMatchObject({ infoHash: HASH, magnet: read.magnet })
      }),
    )
  })

  it('is read or refused, whatever is pasted', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `magnet:?${text}`),
        ),
        (text) => {
          const read = readMagnet(text)
          if (read) expect(read.infoHash).toMatch(/^[0-9a-f]{40}$/)
        },
      ),
    )
  })
})
