/** What the edge sends is read, checked against its own info hash, and cannot make this machine call its neighbours. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64Url } from '#protocol/base64url.ts'
import { readTorrentSource } from './read-torrent-source.ts'

const infoHash = 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c'
const magnet = (...more: string[]) => [`magnet:?xt=urn:btih:${infoHash}`, ...more].join('&')
const noneTrusted = () => false
const escaped = encodeURIComponent

describe('readTorrentSource', () => {
  it('takes a bare info hash', async () => {
    expect(await readTorrentSource({ infoHash }, noneTrusted)).toEqual({
      infoHash,
      info: undefined,
      hints: { trackers: [], webSeeds: [], peers: [] },
    })
  })

  it('takes trackers, web seeds and peers out of a magnet', async () => {
    const source = {
      infoHash,
      magnet: magnet(
        `tr=${escaped('udp://tracker.example:1337/announce')}`,
        `ws=${escaped('https://seed.example/film/')}`,
        'x.pe=192.0.2.1:6881',
      ),
    }
    expect((await readTorrentSource(source, noneTrusted)).hints).toEqual({
      trackers: ['udp://tracker.example:1337/announce'],
      webSeeds: ['https://seed.example/film/'],
      peers: ['192.0.2.1:6881'],
    })
  })

  it.each([
    ['tr', 'http://192.168.1.1/reboot?x='],
    ['tr', 'http://localhost:8787/api/agents'],
    ['tr', 'udp://[::1]:1/announce'],
    ['tr', 'file:///etc/passwd'],
    ['tr', 'not a url'],
    ['ws', 'https://127.0.0.1/x'],
    ['ws', 'https://router.lan/x'],
    ['ws', 'http://seed.example/plain'],
    ['x.pe', 'javascript:alert(1)'],
    ['xs', 'http://192.168.1.1/metadata'],
  ])('leaves out %s=%s', async (name, value) => {
    const source = { infoHash, magnet: magnet(`${name}=${escaped(value)}`) }
    expect((await readTorrentSource(source, noneTrusted)).hints).toEqual({ trackers: [], webSeeds: [], peers: [] })
  })

  it('keeps a tracker on this machine that is trusted', async () => {
    const url = 'http://127.0.0.1:9000/announce'
    const read = await readTorrentSource({ infoHash, magnet: magnet(`tr=${escaped(url)}`) }, (one) => one === url)
    expect(read.hints.trackers).toEqual([url])
  })

  it.each([
    ['a magnet of another torrent', { infoHash, magnet: `magnet:?xt=urn:btih:${'a'.repeat(40)}` }],
    ['a magnet without a hash', { infoHash, magnet: 'magnet:?dn=film' }],
    ['a magnet that cannot be decoded', { infoHash, magnet: magnet('dn=%E0%A4%A') }],
    ['a .torrent that is none', { infoHash, torrentFile: encodeBase64Url(Buffer.from('hello')) }],
    ['an empty .torrent', { infoHash, torrentFile: '' }],
    [
      'a .torrent of nested lists without end',
      { infoHash, torrentFile: encodeBase64Url(Buffer.from('l'.repeat(300_000))) },
    ],
  ])('refuses %s', async (_what, source) => {
    await expect(readTorrentSource(source, noneTrusted)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('reads or refuses any magnet and any bytes', async () => {
    const source = fc.record({
      infoHash: fc.constant(infoHash),
      magnet: fc.option(
        fc.string().map((text) => `magnet:?${text}`),
        { nil: undefined },
      ),
      torrentFile: fc.option(fc.uint8Array().map(encodeBase64Url), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(source, async ({ magnet: text, torrentFile }) => {
        const given = {
          infoHash,
          ...(text === undefined ? {} : { magnet: text }),
          ...(torrentFile === undefined ? {} : { torrentFile }),
        }
        const outcome = await readTorrentSource(given, noneTrusted).catch((error: unknown) => error)
        expect(outcome).toSatisfy(
          (value) =>
            (value as { infoHash?: string }).infoHash === infoHash || (value as { code?: string }).code === 'invalid',
        )
      }),
    )
  })
})
