/** Which source is tried first, and the reasons that are kept. */
import { expect, it } from 'vitest'
import type { Source } from '../catalog/titles.ts'
import { rankSources } from './rank-sources.ts'

const source = (id: string, change: Partial<Source> = {}): Source => ({
  id,
  titleId: 't',
  provider: 'p',
  agentId: null,
  infoHash: 'a'.repeat(40),
  magnet: null,
  torrentFile: null,
  filePath: null,
  sizeBytes: null,
  ...change,
})
const hash = source('hash')
const magnet = source('magnet', { magnet: 'magnet:?x' })
const file = source('file', { torrentFile: 'abc', magnet: 'magnet:?x' })
const offered = source('offered', { agentId: 'a' })

it.each<[string, Source[], string | undefined, string[]]>([
  ['a .torrent before a magnet before a bare hash', [hash, magnet, file], undefined, ['file', 'magnet', 'hash']],
  ['what an agent offers before what is only known of', [file, offered], undefined, ['offered', 'file']],
  ['what was asked for before everything', [offered, file, hash], 'hash', ['hash', 'offered', 'file']],
  ['equal ones in one order, whatever the order they came in', [source('b'), source('a')], undefined, ['a', 'b']],
  ['as if nothing was asked, for an id that is not of this title', [hash, magnet], 'other', ['magnet', 'hash']],
])('puts %s', (_name, sources, preferred, expected) => {
  expect(rankSources(sources, preferred).map((ranked) => ranked.source.id)).toEqual(expected)
})

it('says why', () => {
  const [first] = rankSources([source('x', { agentId: 'a', torrentFile: 'abc' })], 'x')
  expect(first?.reasons).toEqual(['asked_for', 'offered_by_an_agent', 'has_torrent_file'])
})
