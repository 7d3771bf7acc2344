import { describe, expect, it } from 'vitest'
import { followPlayer, playerEntries, readPlayerState } from './player-state.ts'

const ranges = (...pairs: [number, number][]) => ({
  length: pairs.length,
  start: (i: number) => pairs[i]?.[0] ?? 0,
  end: (i: number) => pairs[i]?.[1] ?? 0,
})

/** A media element by its properties and events alone. */
function standIn() {
  const facts = {
    paused: true,
    ended: false,
    seeking: false,
    readyState: 0,
    currentTime: 0,
    duration: Number.NaN,
    buffered: ranges(),
    volume: 1,
    playbackRate: 1,
    muted: false,
    videoWidth: 0,
  }
  const element = Object.assign(new EventTarget(), facts)
  const leaving = new AbortController()
  const store = followPlayer(element as unknown as HTMLVideoElement, leaving.signal)
  const happen = (event: string, change: Partial<typeof facts> = {}) => {
    Object.assign(element, change)
    element.dispatchEvent(new Event(event))
  }
  return { element, store, happen, leaving }
}

describe('the table of the player’s state', () => {
  it('names for each piece the events that may change it', () => {
    for (const { events } of Object.values(playerEntries)) expect(events.length).toBeGreaterThan(0)
  })

  it('reads an empty element as nothing yet, never as NaN', () => {
    const { element } = standIn()
    expect(readPlayerState(element as unknown as HTMLVideoElement)).toEqual({
      isPaused: true,
      isEnded: false,
      isSeeking: false,
      isStarved: true,
      positionSeconds: 0,
      durationSeconds: 0,
      buffered: [],
      volume: 1,
      isMuted: false,
      hasPicture: false,
      speed: 1,
    })
  })

  it.each([
    ['play', { paused: false }, { isPaused: false }],
    ['pause', { paused: true }, { isPaused: true }],
    ['timeupdate', { currentTime: 12.5 }, { positionSeconds: 12.5 }],
    ['seeking', { seeking: true, currentTime: 40 }, { isSeeking: true, positionSeconds: 40 }],
    ['loadedmetadata', { duration: 90 }, { durationSeconds: 90 }],
    ['durationchange', { duration: Number.POSITIVE_INFINITY }, { durationSeconds: 0 }],
    [
      'progress',
      { buffered: ranges([0, 3], [9, 12]) },
      {
        buffered: [
          { start: 0, end: 3 },
          { start: 9, end: 12 },
        ],
      },
    ],
    ['volumechange', { volume: 0 }, { volume: 0, isMuted: true }],
    ['canplay', { readyState: 4 }, { isStarved: false }],
    ['waiting', { readyState: 2 }, { isStarved: true }],
    ['ended', { ended: true, paused: true }, { isEnded: true, isPaused: true }],
    ['loadeddata', { readyState: 2, videoWidth: 1920 }, { hasPicture: true }],
  ] as const)('follows %s', (event, change, expected) => {
    const { store, happen } = standIn()
    happen(event, change)
    expect(store.getState()).toMatchObject(expected)
  })

  it('tells nobody when nothing changed, and keeps the same state', () => {
    const { store, happen } = standIn()
    happen('progress', { buffered: ranges([0, 3]) })
    const before = store.getState()
    let told = 0
    store.subscribe(() => {
      told += 1
    })
    happen('progress', { buffered: ranges([0, 3]) })
    happen('timeupdate')
    expect(told).toBe(0)
    expect(store.getState()).toBe(before)
  })

  it('stops with its signal', () => {
    const { store, happen, leaving } = standIn()
    leaving.abort()
    happen('timeupdate', { currentTime: 5 })
    expect(store.getState().positionSeconds).toBe(0)
  })
})
