import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { holdBackUntilShown } from './hold-back.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** As much of a video element as is listened to. */
class Element extends EventTarget {
  frames: (() => void)[] = []
  requestVideoFrameCallback(shown: () => void) {
    this.frames.push(shown)
  }
  say(event: string) {
    this.dispatchEvent(new Event(event))
  }
  show() {
    for (const shown of this.frames.splice(0)) shown()
  }
}

function held() {
  const element = new Element()
  const told: string[] = []
  const tell = (what: string) => () => void told.push(what)
  const end = holdBackUntilShown(element as Element & HTMLVideoElement, tell('hold'), tell('release'))
  return { element, told, end }
}

it('holds back from the beginning until a frame is shown, and again at each seek', () => {
  const { element, told } = held()
  element.show()
  expect(told).toEqual(['hold'])
  element.say('canplay')
  expect(told).toEqual(['hold'])
  element.show()
  expect(told).toEqual(['hold', 'release'])
  element.say('seeking')
  element.say('seeked')
  element.show()
  expect(told).toEqual(['hold', 'release', 'hold', 'release'])
})

it('takes no frame of before a seek for the one that is waited for', () => {
  const { element, told } = held()
  element.say('canplay')
  element.say('seeking')
  element.show()
  expect(told).toEqual(['hold', 'hold'])
})

it('counts a frame as shown that nobody is told of, a while after it could be', async () => {
  const { element, told } = held()
  element.say('canplay')
  element.say('canplay')
  await vi.advanceTimersByTimeAsync(1000)
  expect(told).toEqual(['hold', 'release'])
})

it('lets go when nothing comes for long, which may be waiting for what is held back', async () => {
  const { told } = held()
  await vi.advanceTimersByTimeAsync(1900)
  expect(told).toEqual(['hold'])
  await vi.advanceTimersByTimeAsync(200)
  expect(told).toEqual(['hold', 'release'])
})

it('tells nothing when it has ended', async () => {
  const { element, told, end } = held()
  element.say('canplay')
  end()
  element.show()
  element.say('seeking')
  await vi.advanceTimersByTimeAsync(1000)
  expect(told).toEqual(['hold'])
})
