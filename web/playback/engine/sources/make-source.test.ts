import { describe, expect, it, vi } from 'vitest'
import type { PlayPlan } from '#protocol/play-plan.ts'
import { CannotPlay } from '../../../failure.ts'
import { askBrowser } from '../../device/device-profile.ts'
import { makeSource } from './make-source.ts'

const streamUrl = 'https://home.example/api/stream/t0ken'
const remux: PlayPlan = { mode: 'remux', reasons: ['container_not_opened'], resource: 'hls/v1+a2+a3/master.m3u8' }
const direct: PlayPlan = { mode: 'direct', reasons: ['plays_as_it_is'] }
const rest = { streamUrl, atSeconds: 0, events: { onBroke: () => undefined }, isWholeAtHome: () => false }

/** As much of a video element as a source touches; metadata comes as soon as a source is loaded. */
class ElementStandIn extends EventTarget {
  src = ''
  currentTime = 0
  readyState = 0
  error = null
  audioTracks = [{ enabled: true }, { enabled: false }]
  get currentSrc() {
    return this.src
  }
  load() {
    this.readyState = 1
    this.dispatchEvent(new Event('loadedmetadata'))
  }
}
const element = () => new ElementStandIn() as ElementStandIn & HTMLVideoElement

describe('in a browser with Managed Media Source, such as an iPhone', () => {
  const stubbed = async () => {
    vi.stubGlobal('ManagedMediaSource', { isTypeSupported: (type: string) => /avc1|hvc1|mp4a/.test(type) })
    const { hls } = await askBrowser({
      userAgent: 'iPhone Version/18.0 Safari/604.1',
      canPlayType: (type) => (type.includes('mpegurl') ? 'maybe' : ''),
      mediaSource: undefined,
      managedMediaSource: (globalThis as { ManagedMediaSource?: { isTypeSupported: () => boolean } })
        .ManagedMediaSource,
      decodingInfo: undefined,
      audioChannels: () => undefined,
    })
    vi.unstubAllGlobals()
    return hls ?? 'none'
  }

  it('gives the playlist to the element itself, at the place where the film goes on', async () => {
    const video = element()
    const source = await makeSource(video, { ...rest, plan: remux, way: await stubbed() })
    await source.load(42, new AbortController().signal)
    expect(video.src).toBe(`${streamUrl}/hls/v1+a2+a3/master.m3u8`)
    expect(video.currentTime).toBe(42)
    expect(source.goOn()).toBe(true)
  })

  it('switches between the sounds of the playlist by the element’s own list', async () => {
    const video = element()
    const source = await makeSource(video, { ...rest, plan: remux, way: await stubbed() })
    expect(source.setAudio(3)).toBe(true)
    expect(video.audioTracks.map(({ enabled }) => enabled)).toEqual([false, true])
    expect(source.setAudio(9)).toBe(false)
  })
})

it('gives a file that plays as it is to the element, whatever the browser does with HLS', async () => {
  for (const way of ['native', 'mse', 'none'] as const) {
    const video = element()
    const source = await makeSource(video, { ...rest, plan: direct, way })
    await source.load(0, new AbortController().signal)
    expect(video.src).toBe(streamUrl)
    expect(source.setAudio(2)).toBe(false)
  }
})

it('does not go on with a source that the element has lost', async () => {
  const video = element()
  const source = await makeSource(video, { ...rest, plan: direct, way: 'mse' })
  await source.load(0, new AbortController().signal)
  video.src = 'https://elsewhere.example/'
  expect(source.goOn()).toBe(false)
})

it('says so when a browser plays no HLS at all', async () => {
  await expect(makeSource(element(), { ...rest, plan: remux, way: 'none' })).rejects.toBeInstanceOf(CannotPlay)
})

it('stops waiting for the beginning when nobody wants it any more', async () => {
  const video = element()
  video.load = () => undefined
  const source = await makeSource(video, { ...rest, plan: direct, way: 'mse' })
  const leaving = new AbortController()
  const loading = source.load(0, leaving.signal)
  leaving.abort(new Error('left'))
  await expect(loading).rejects.toThrow('left')
})
