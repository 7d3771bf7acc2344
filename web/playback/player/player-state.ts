/** Every piece of the player's state as one entry: how to read it from the element, and which events may change it. */

/** Seconds. */
export type TimeRange = { start: number; end: number }

export type PlayerState = {
  isPaused: boolean
  isEnded: boolean
  isSeeking: boolean
  /** Not enough data to go on. */
  isStarved: boolean
  positionSeconds: number
  /** 0 until it is known. */
  durationSeconds: number
  buffered: readonly TimeRange[]
  volume: number
  isMuted: boolean
  hasPicture: boolean
  /** 1: as filmed. */
  speed: number
}

type Entry<Value> = { get: (video: HTMLVideoElement) => Value; events: readonly string[] }
type Entries = { [Name in keyof PlayerState]: Entry<PlayerState[Name]> }

const lifecycle = ['emptied', 'loadedmetadata', 'error'] as const

export const playerEntries: Entries = {
  isPaused: { get: (video) => video.paused, events: ['play', 'playing', 'pause', 'ended', ...lifecycle] },
  isEnded: { get: (video) => video.ended, events: ['ended', 'seeking', 'play', 'playing', ...lifecycle] },
  isSeeking: { get: (video) => video.seeking, events: ['seeking', 'seeked', ...lifecycle] },
  isStarved: {
    get: (video) => video.readyState < 3,
    events: [
      'waiting',
      'playing',
      'canplay',
      'canplaythrough',
      'seeking',
      'seeked',
      'timeupdate',
      'loadeddata',
      ...lifecycle,
    ],
  },
  positionSeconds: { get: (video) => video.currentTime, events: ['timeupdate', 'seeking', 'seeked', ...lifecycle] },
  durationSeconds: {
    get: (video) => (Number.isFinite(video.duration) ? video.duration : 0),
    events: ['durationchange', ...lifecycle],
  },
  buffered: {
    get: (video) => rangesOf(video.buffered),
    events: ['progress', 'timeupdate', 'seeked', 'suspend', ...lifecycle],
  },
  volume: { get: (video) => video.volume, events: ['volumechange'] },
  isMuted: { get: (video) => video.muted || video.volume === 0, events: ['volumechange'] },
  speed: { get: (video) => video.playbackRate, events: ['ratechange', ...lifecycle] },
  hasPicture: {
    get: (video) => video.readyState >= 2 && video.videoWidth > 0,
    events: ['loadeddata', 'seeked', 'playing', ...lifecycle],
  },
}

const rangesOf = (ranges: TimeRanges): TimeRange[] =>
  Array.from({ length: ranges.length }, (_, i) => ({ start: ranges.start(i), end: ranges.end(i) }))

const sameRanges = (a: readonly TimeRange[], b: readonly TimeRange[]): boolean =>
  a.length === b.length && a.every((range, i) => range.start === b[i]?.start && range.end === b[i]?.end)

const names = Object.keys(playerEntries) as (keyof PlayerState)[]

/** All of the state at once. */
export const readPlayerState = (video: HTMLVideoElement): PlayerState =>
  Object.fromEntries(names.map((name) => [name, playerEntries[name].get(video)])) as PlayerState

export type PlayerStore = { getState: () => PlayerState; subscribe: (listener: () => void) => () => void }

/** Follows an element; on each event only the entries that named it are read again. */
export function followPlayer(video: HTMLVideoElement, signal: AbortSignal): PlayerStore {
  let state = readPlayerState(video)
  const listeners = new Set<() => void>()
  const namesByEvent = new Map<string, (keyof PlayerState)[]>()
  for (const name of names)
    for (const event of playerEntries[name].events) namesByEvent.set(event, [...(namesByEvent.get(event) ?? []), name])
  for (const [event, affected] of namesByEvent)
    video.addEventListener(
      event,
      () => {
        const changed = affected.filter((name) => !isSame(state[name], playerEntries[name].get(video)))
        if (changed.length === 0) return
        state = { ...state, ...Object.fromEntries(changed.map((name) => [name, playerEntries[name].get(video)])) }
        for (const listener of listeners) listener()
      },
      { signal },
    )
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const isSame = (before: unknown, now: unknown): boolean =>
  Array.isArray(before) && Array.isArray(now) ? sameRanges(before, now) : before === now
