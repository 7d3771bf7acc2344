import { expect, it } from 'vitest'
import type { LocalVerdict } from '../transports/local-network.ts'
import { noWayYet, type WayState } from '../transports/way-state.ts'
import { homeWords, leftOutWords, limitOfWay, spareWords, triedWords, wayWords } from './way-words.ts'

it.each<[string, Partial<WayState>]>([
  ['none yet', {}],
  ['Direct, home to this screen (the best that answered)', { transport: 'direct' }],
  [
    'Detour through the edge (another way broke off; changed once)',
    { transport: 'relay', reason: 'broke', changes: 1 },
  ],
  [
    'Peer to peer, home to this screen (it answers again; changed 3 times)',
    { transport: 'p2p', reason: 'better', changes: 3 },
  ],
])('says %s', (words, state) => {
  expect(wayWords({ ...noWayYet, ...state })).toBe(words)
})

it('says of each way what came of asking it', () => {
  const tried: WayState['tried'] = [
    { transport: 'direct', outcome: 'silent', afterMs: 2500 },
    { transport: 'p2p', outcome: 'answers', afterMs: 81.6 },
    { transport: 'relay', outcome: 'refused', afterMs: 20 },
  ]
  expect(triedWords({ ...noWayYet, tried })).toBe('direct no answer, peer to peer 82 ms, detour refused')
  expect(triedWords(noWayYet)).toBe('none yet')
})

it.each([
  ['…', undefined],
  ['…', { otherAgents: 1 }],
  ['Attic', { agentName: 'Attic', otherAgents: 0 }],
  ['Attic (one other could go on with it)', { agentName: 'Attic', otherAgents: 1 }],
  ['Attic (3 others could go on with it)', { agentName: 'Attic', otherAgents: 3 }],
])('says that the film comes from %s', (words, stream) => expect(homeWords(stream)).toBe(words))

it('names what stands ready', () => {
  expect(spareWords({ ...noWayYet, spare: 'p2p' })).toBe('peer to peer')
  expect(spareWords(noWayYet)).toBe('none')
})

it('says that a way is limited, of the way that is taken', () => {
  const urls = [
    { transport: 'direct' as const, url: 'http://192.168.1.2:8788/x' },
    { transport: 'relay' as const, url: 'https://porch.example/x', bytesPerSecond: 1_000_000 },
  ]
  expect(limitOfWay({ ...noWayYet, transport: 'relay' }, urls)).toContain('At most 1.0 MB/s')
  expect(limitOfWay({ ...noWayYet, transport: 'direct' }, urls)).toBe('')
  expect(limitOfWay(noWayYet, urls)).toBe('')
})

it.each<[LocalVerdict[], string | undefined]>([
  [[], undefined],
  [['go'], undefined],
  [['leave_out', 'go'], undefined],
  [['leave_out', 'explain'], 'direct: the browser has not been asked yet whether it may look into your network'],
  [['leave_out'], 'direct: this browser may not look into your network'],
])('says of direct addresses that are %j why none was asked', (verdicts, words) => {
  const urls = verdicts.map((verdict) => ({ transport: 'direct' as const, url: verdict }))
  const relay = { transport: 'relay' as const, url: 'leave_out' }
  expect(leftOutWords([...urls, relay], (url) => url as LocalVerdict)).toBe(words)
})
