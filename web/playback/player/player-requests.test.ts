import { describe, expect, it } from 'vitest'
import { type PlayerParts, playerRequests } from './player-requests.ts'

function standIn(video: Partial<HTMLVideoElement> = {}, viewing: Partial<PlayerParts['viewing']> = {}) {
  const asked: string[] = []
  const parts = {
    video: { volume: 0.5, muted: false, duration: 200, ...video } as HTMLVideoElement,
    root: {} as HTMLElement,
    viewing: {
      play: () => asked.push('play'),
      pause: () => asked.push('pause'),
      seekTo: (seconds: number) => asked.push(`seek ${seconds}`),
      seekNear: (seconds: number, within: number) => asked.push(`seek ${seconds} ± ${within}`),
      positionSeconds: 60,
      wantsToPlay: true,
      ...viewing,
    } as PlayerParts['viewing'],
  }
  return { parts, asked }
}

describe('what a viewer can ask', () => {
  it('toggles by the wish, not by the element, which a repair may have paused', () => {
    const on = standIn({ paused: true })
    playerRequests.togglePlay(on.parts)
    expect(on.asked).toEqual(['pause'])
    const off = standIn({}, { wantsToPlay: false })
    playerRequests.togglePlay(off.parts)
    expect(off.asked).toEqual(['play'])
  })

  it('seeks from where the film stands, also while no source is there', () => {
    const { parts, asked } = standIn({ currentTime: 0 })
    playerRequests.seekBy(parts, -10)
    playerRequests.seekTo(parts, 33)
    playerRequests.seekToShare(parts, 0.8)
    expect(asked).toEqual(['seek 50', 'seek 33', 'seek 160'])
  })

  it('goes near to a place that is only pointed at, and to no other', () => {
    const { parts, asked } = standIn()
    playerRequests.seekNear(parts, 33, 2.5)
    expect(asked).toEqual(['seek 33 ± 2.5'])
  })

  it('does not seek to a share of an unknown length', () => {
    const { parts, asked } = standIn({ duration: Number.NaN })
    playerRequests.seekToShare(parts, 0.5)
    expect(asked).toEqual([])
  })

  it.each([
    [0.5, false, 0.05, 0.55, false],
    [0.98, false, 0.05, 1, false],
    [0.03, false, -0.05, 0, true],
    [0.8, true, 0.05, 0.05, false],
  ])('volume %d, muted %s, changed by %d', (volume, muted, change, expected, isMuted) => {
    const { parts } = standIn({ volume, muted })
    playerRequests.changeVolumeBy(parts, change)
    expect([parts.video.volume, parts.video.muted]).toEqual([expected, isMuted])
  })

  it('gives sound back at half when it was turned down to nothing', () => {
    const { parts } = standIn({ volume: 0, muted: true })
    playerRequests.toggleMute(parts)
    expect([parts.video.volume, parts.video.muted]).toEqual([0.5, false])
    playerRequests.toggleMute(parts)
    expect([parts.video.volume, parts.video.muted]).toEqual([0.5, true])
  })
})
