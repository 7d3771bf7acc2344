import { expect, it } from 'vitest'
import { newScreen, type ScreenLook, watchScreen } from './screen-watch.ts'

type Second = Partial<Omit<ScreenLook, 'positionSeconds' | 'frames' | 'dropped'>> & {
  droppedNow?: number
  jump?: number
}

/** Looks once a second at a film of 24 frames a second. */
function watched(seconds: Second[]): (string | undefined)[] {
  let watch = newScreen()
  let [positionSeconds, frames, dropped] = [10, 0, 0]
  return seconds.map(({ droppedNow = 0, jump = 1, ...more }) => {
    positionSeconds += jump
    frames += 24
    dropped += droppedNow
    const about = { isPlaying: true, isVisible: true, hasSound: true, audioBytes: 5000, ...more }
    const seen = watchScreen(watch, { ...about, positionSeconds, frames, dropped })
    watch = seen.watch
    return seen.trouble
  })
}
const times = (count: number, second: Second): Second[] => Array.from({ length: count }, () => second)

it('finds nothing wrong with a film that is seen and heard', () => {
  expect(watched(times(60, { droppedNow: 2 })).every((trouble) => trouble === undefined)).toBe(true)
})

it('hears silence after a few seconds, and says so once', () => {
  const troubles = watched(times(60, { audioBytes: 0 }))
  expect(troubles.filter(Boolean)).toEqual(['silent'])
  expect(troubles.indexOf('silent')).toBe(4)
})

it.each([
  ['has no sound', { hasSound: false, audioBytes: 0 }],
  ['is in a browser that does not count sound', { audioBytes: undefined }],
  ['is paused', { audioBytes: 0, isPlaying: false, jump: 0 }],
  ['is in a hidden tab', { audioBytes: 0, isVisible: false, droppedNow: 24 }],
  ['is being sought through', { audioBytes: 0, jump: 10, droppedNow: 24 }],
])('does not judge a film that %s', (_, second) => {
  expect(watched(times(40, second)).some(Boolean)).toBe(false)
})

it('sees a device that drops most frames for a quarter of a minute', () => {
  expect(watched(times(40, { droppedNow: 16 })).filter(Boolean)).toEqual(['slow'])
})

it('forgives a busy moment', () => {
  expect(watched([...times(8, { droppedNow: 24 }), ...times(30, {})]).some(Boolean)).toBe(false)
})
