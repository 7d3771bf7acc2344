import { describe, expect, it } from 'vitest'
import { OpenStage, StreamStatus } from '#protocol/stream-status.ts'
import { begin, type KeepPlaying } from '../engine/keep-playing.ts'
import { openingWords, playerPhase, waitingWords } from './player-phase.ts'

const trouble = { round: 0, sinceMs: 0, undecodable: 0 }
const steady: KeepPlaying = { mode: 'steady' }
const idle = { isPaused: false, isEnded: false, isSeeking: false, isStarved: false }

describe('the phase of the player', () => {
  it.each([
    ['opening', begin(0), { ...idle, isPaused: true, isStarved: true }],
    ['playing', steady, idle],
    ['paused', steady, { ...idle, isPaused: true }],
    ['waiting', steady, { ...idle, isStarved: true }],
    ['waiting', steady, { ...idle, isSeeking: true }],
    ['paused', steady, { ...idle, isPaused: true, isSeeking: true }],
    ['ended', steady, { ...idle, isPaused: true, isEnded: true }],
    ['reconnecting', { mode: 'trying', step: 'renew', isFirst: false, trouble }, idle],
    ['reconnecting', { mode: 'resting', code: 'agent_offline', trouble }, { ...idle, isPaused: true }],
    ['waiting', { mode: 'trying', step: 'switch', isFirst: false, trouble }, idle],
    ['failed', { mode: 'failed', code: 'no_source', isQuiet: false, retryWith: 'open' }, idle],
    ['failed', { mode: 'trying', step: 'open', isFirst: true, behind: 'agent_offline', trouble }, idle],
  ] as const)('%s', (phase, keep, player) => expect(playerPhase(keep, player)).toBe(phase))
})

describe('the sentence for a waiting person', () => {
  it('has one for every stage of opening, and for before the first', () => {
    for (const stage of OpenStage.options)
      for (const peers of [0, 1, 3]) expect(openingWords({ stage, peers })).toMatch(/^[A-Z].*…$/)
    expect(openingWords(undefined)).toBe('Calling your home…')
    expect(openingWords({ stage: 'peers', peers: 3 })).toBe('Talking to 3 peers…')
  })

  it.each([
    [undefined, 'Loading…'],
    ['complete', 'Loading…'],
    ['finding-peers', 'Finding peers…'],
    ['downloading', '3 peers · 2.4 MB/s'],
    ['disk-full', 'Your home has run out of space. Free some to go on.'],
  ] as const)('while home says %s', (state, words) => {
    const numbers = { peers: 3, bytesPerSecond: 2_440_000, downloadedBytes: 1, sizeBytes: 2, buffered: [] }
    expect(waitingWords(state && StreamStatus.parse({ state, ...numbers }))).toBe(words)
  })

  it('says that the VPN is away before anything else', () => {
    const numbers = { peers: 0, bytesPerSecond: 0, downloadedBytes: 1, sizeBytes: 2, buffered: [] }
    for (const state of ['finding-peers', 'downloading', 'disk-full'] as const) {
      const words = waitingWords(StreamStatus.parse({ state, waiting: 'vpn', ...numbers }))
      expect(words).toBe('Your home waits for its VPN. The film goes on by itself when it is back.')
    }
  })
})
