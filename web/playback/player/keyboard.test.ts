import { describe, expect, it } from 'vitest'
import { keyWish } from './keyboard.ts'

const press = (key: string, more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
})

describe('the keys of the player', () => {
  it.each([
    [' ', { ask: 'togglePlay' }],
    ['k', { ask: 'togglePlay' }],
    ['K', { ask: 'togglePlay' }],
    ['j', { ask: 'seekBy', seconds: -10 }],
    ['l', { ask: 'seekBy', seconds: 10 }],
    ['ArrowLeft', { ask: 'seekBy', seconds: -5 }],
    ['ArrowRight', { ask: 'seekBy', seconds: 5 }],
    ['ArrowUp', { ask: 'changeVolumeBy', change: 0.05 }],
    ['ArrowDown', { ask: 'changeVolumeBy', change: -0.05 }],
    ['m', { ask: 'toggleMute' }],
    ['f', { ask: 'toggleFullscreen' }],
    ['0', { ask: 'seekToShare', share: 0 }],
    ['9', { ask: 'seekToShare', share: 0.9 }],
    ['c', { ask: 'toggleSubtitles' }],
    ['g', { ask: 'shiftSubtitles', seconds: -0.1 }],
    ['h', { ask: 'shiftSubtitles', seconds: 0.1 }],
    ['n', { ask: 'goChapters', by: 1 }],
    ['PageUp', { ask: 'goChapters', by: -1 }],
    ['?', { ask: 'toggleHelp' }],
    ['Escape', { ask: 'closePanel' }],
    ['Enter', { ask: 'confirm' }],
    ['Tab', undefined],
    ['F5', undefined],
  ])('%j', (key, wish) => expect(keyWish(press(key), 'other')).toEqual(wish))

  it.each(['ctrlKey', 'metaKey', 'altKey'] as const)('leaves shortcuts with %s to the browser', (modifier) => {
    expect(keyWish(press('f', { [modifier]: true }), 'other')).toBeUndefined()
  })

  it('leaves a focused control what it needs itself', () => {
    expect(keyWish(press(' '), 'button')).toBeUndefined()
    expect(keyWish(press('Enter'), 'button')).toBeUndefined()
    expect(keyWish(press('ArrowLeft'), 'range')).toBeUndefined()
    expect(keyWish(press('k'), 'text')).toBeUndefined()
    expect(keyWish(press('Escape'), 'text')).toEqual({ ask: 'closePanel' })
    expect(keyWish(press('l'), 'button')).toEqual({ ask: 'seekBy', seconds: 10 })
  })
})
