/** Which source is tried first, and the reasons that are kept. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { Release } from '#protocol/release.ts'
import type { ReleaseRule } from '#protocol/release-rules.ts'
import type { Source } from '../catalog/titles.ts'
import { mayPlayByItself, type RankFor, rankSources, type SourceFacts, type SourceToRank } from './rank-sources.ts'

const now = 2_000_000_000
const day = 86_400
const GB = 1e9
const source = (id: string, facts: SourceFacts = {}, change: Partial<Source> = {}): SourceToRank => ({
  source: {
    id,
    titleId: 't',
    provider: 'p',
    agentId: null,
    infoHash: 'a'.repeat(40),
    magnet: null,
    torrentFile: null,
    filePath: null,
    episode: null,
    sizeBytes: null,
    ...change,
  },
  facts,
})
const release = (change: Partial<Release>): { release: Release } => ({
  release: { title: 'Film', hdr: [], audioCodecs: [], languages: [], subtitles: [], editions: [], ...change },
})
const order = (sources: SourceToRank[], rankFor: Omit<RankFor, 'now'> = {}) =>
  rankSources(sources, { now, ...rankFor }).map((ranked) => ranked.source.id)

/** A browser as most are: H.264 and VP9, AAC and Opus, no HEVC, no Dolby. */
const browser: DeviceProfile = {
  codecs: ['avc1.640028', 'mp4a.40.2'],
  containers: ['video/mp4', 'video/x-matroska'],
  segmentCodecs: ['avc1.640028', 'vp09.00.40.08', 'mp4a.40.2', 'opus'],
  hls: 'mse',
  hdr: false,
  screenHeightPixels: 2160,
}

describe('of which only the way to them is known', () => {
  const hash = source('hash')
  const magnet = source('magnet', {}, { magnet: 'magnet:?x' })
  const file = source('file', {}, { torrentFile: 'abc', magnet: 'magnet:?x' })
  const offered = source('offered', {}, { agentId: 'a' })
  it.each<[string, SourceToRank[], string | undefined, string[]]>([
    ['a .torrent before a magnet before a bare hash', [hash, magnet, file], undefined, ['file', 'magnet', 'hash']],
    ['what an agent offers before what is only known of', [file, offered], undefined, ['offered', 'file']],
    ['what was asked for before everything', [offered, file, hash], 'hash', ['hash', 'offered', 'file']],
    ['equal ones in one order, whatever the order they came in', [source('b'), source('a')], undefined, ['a', 'b']],
    ['as if nothing was asked, for an id that is not of this title', [hash, magnet], 'other', ['magnet', 'hash']],
  ])('puts %s', (_name, sources, askedForId, expected) => {
    expect(order(sources, { askedForId })).toEqual(expected)
  })
})

describe('of which more is known', () => {
  const h264 = (heightPixels: number, change: Partial<Release> = {}) =>
    release({ heightPixels, videoCodec: 'h264', audioCodecs: ['aac'], container: 'mp4', ...change })
  const hevc = (heightPixels: number) => release({ heightPixels, videoCodec: 'hevc', audioCodecs: ['eac3'] })
  it.each<[string, SourceToRank[], Omit<RankFor, 'now'>, string[]]>([
    [
      'what plays as it is before what has more lines and must be made anew',
      [source('made', hevc(2160)), source('direct', h264(720))],
      { device: browser },
      ['direct', 'made'],
    ],
    [
      'more lines first where the device decodes both',
      [source('720', h264(720)), source('2160', hevc(2160)), source('1080', h264(1080))],
      { device: { ...browser, codecs: [...browser.codecs, 'hvc1.1.6.L120.B0', 'ec-3'] } },
      ['2160', '1080', '720'],
    ],
    [
      'what is at home before everything that must be fetched',
      [source('better', { ...h264(2160), seeders: 500 }), source('home', { ...hevc(480), isAtHome: true, seeders: 0 })],
      { device: browser },
      ['home', 'better'],
    ],
    [
      'a living swarm before a dead one of better quality',
      [source('dead', { ...h264(2160), seeders: 0 }), source('lives', { ...h264(720), seeders: 8 })],
      {},
      ['lives', 'dead'],
    ],
    [
      'a larger swarm first, and of equal ones the one that grows',
      [
        source('shrinks', { ...h264(1080), seeders: 5, seedersBefore: 15 }),
        source('grows', { ...h264(1080), seeders: 15, seedersBefore: 5 }),
        source('large', { ...h264(1080), seeders: 90 }),
      ],
      {},
      ['large', 'grows', 'shrinks'],
    ],
    [
      'what the line carries before what it does not',
      [
        source('heavy', h264(1080), { sizeBytes: 60 * GB, filePath: 'film.mp4' }),
        source('light', h264(720), { sizeBytes: 2 * GB, filePath: 'film.mp4' }),
      ],
      { device: { ...browser, lineBytesPerSecond: 1_000_000 }, runtimeMinutes: 100 },
      ['light', 'heavy'],
    ],
    [
      'no more lines than the viewer wants',
      [source('2160', { ...h264(2160), seeders: 5 }), source('720', { ...h264(720), seeders: 5 })],
      { wish: { mostHeightPixels: 720 } },
      ['720', '2160'],
    ],
    [
      'the language of the viewer first',
      [source('fr', h264(1080, { languages: ['fr'] })), source('de', h264(720, { languages: ['de', 'en'] }))],
      { wish: { audioLanguages: ['de-AT'] } },
      ['de', 'fr'],
    ],
    [
      'what is probably sharper, where the names are silent',
      [source('less', release({ likelyHeightPixels: 720 })), source('more', release({ likelyHeightPixels: 1080 }))],
      {},
      ['more', 'less'],
    ],
    [
      'a film filmed off a screen after any other',
      [source('cam', h264(1080, { source: 'cam' })), source('dvd', h264(480, { source: 'dvd' }))],
      {},
      ['dvd', 'cam'],
    ],
    [
      'what may be a fake after all that is honest, were it dead or filmed off a screen',
      [
        source('fake', { ...h264(2160), doubts: ['too_small'], seeders: 900 }),
        source('dead', { ...h264(480, { source: 'cam' }), seeders: 0 }),
      ],
      {},
      ['dead', 'fake'],
    ],
    [
      'two pictures beside each other after one',
      [source('3d', h264(1080, { threeD: 'side-by-side' })), source('flat', h264(480))],
      {},
      ['flat', '3d'],
    ],
    [
      'the newer of two that nobody counted',
      [
        source('a', { ...h264(1080), publishedAt: now - 900 * day }),
        source('b', { ...h264(1080), publishedAt: now - day }),
      ],
      {},
      ['b', 'a'],
    ],
    [
      'a picture that no agent can make anew last',
      [source('hevc', hevc(2160)), source('unknown')],
      { device: browser, canTranscode: false },
      ['unknown', 'hevc'],
    ],
  ])('puts %s', (_name, sources, rankFor, expected) => {
    expect(order(sources, rankFor)).toEqual(expected)
    expect(order(sources.toReversed(), rankFor)).toEqual(expected)
  })

  it('obeys the household: what it refuses plays only when it is asked for', () => {
    const rules: ReleaseRule[] = [
      { effect: 'refuse', sources: ['cam'] },
      { effect: 'prefer', groups: ['durian'] },
      { effect: 'avoid', isThreeD: true },
    ]
    const sources = [source('cam', h264(1080, { source: 'cam' })), source('durian', h264(1080, { group: 'Durian' }))]
    const by = (askedForId?: string) => rankSources(sources, { now, rules, askedForId })
    expect(by().map((one) => [one.source.id, mayPlayByItself(one)])).toEqual([
      ['durian', true],
      ['cam', false],
    ])
    expect(by('cam').map((one) => [one.source.id, mayPlayByItself(one)])).toEqual([
      ['cam', true],
      ['durian', true],
    ])
  })

  it('says why', () => {
    const facts = { ...h264(1080, { languages: ['en'], source: 'web-dl' }), seeders: 30, publishedAt: now - day }
    const one = source('x', facts, { agentId: 'a', torrentFile: 'abc' })
    const [first] = rankSources([one], { now, askedForId: 'x', device: browser, wish: { audioLanguages: ['en'] } })
    expect(first?.reasons).toEqual([
      'asked_for',
      'plays_as_it_is',
      'lines_1080',
      'in_your_language',
      'many_seeders',
      'published_lately',
      'offered_by_an_agent',
      'has_torrent_file',
    ])
  })

  it('takes the ending of the file for its container, against the name of the release', () => {
    const facts = release({ videoCodec: 'h264', audioCodecs: ['aac'], container: 'avi' })
    const [first] = rankSources([source('x', facts, { filePath: 'a/Film.MP4' })], { now, device: browser })
    expect(first?.reasons).toContain('plays_as_it_is')
  })

  it('puts any sources into one order, none lost, whatever the order they came in', () => {
    const facts = fc.record(
      {
        seeders: fc.nat(50),
        seedersBefore: fc.nat(50),
        isAtHome: fc.boolean(),
        publishedAt: fc.integer({ min: 0, max: now }),
        release: fc.constantFrom(h264(720).release, hevc(2160).release, release({}).release),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 12 }), fc.nat(), (all, turn) => {
        const sources = all.map((one, n) => source(`s${String(n).padStart(2, '0')}`, one))
        const turned = [...sources.slice(turn % (all.length + 1)), ...sources.slice(0, turn % (all.length + 1))]
        const first = order(sources, { device: browser })
        expect(order(turned, { device: browser })).toEqual(first)
        expect([...first].sort()).toEqual(sources.map((one) => one.source.id))
      }),
    )
  })
})
