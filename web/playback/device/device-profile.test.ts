import { expect, it } from 'vitest'
import { DeviceProfile } from '#protocol/device-profile.ts'
import { askBrowser, type Browser } from './device-profile.ts'

const says = (...known: string[]) => ({
  isTypeSupported: (type: string) => known.some((codec) => type.includes(codec)),
})

const chromium: Browser = {
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  canPlayType: (type) => (/mpegurl|mp4$|matroska|avc1|mp4a.40.2/.test(type) ? 'maybe' : ''),
  mediaSource: says('avc1', 'vp09', 'mp4a.40.2', 'opus'),
  managedMediaSource: undefined,
  decodingInfo: async ({ video }) => ({
    supported: true,
    smooth: (video?.height ?? 0) <= 1080,
    powerEfficient: false,
    keySystemAccess: null,
  }),
  audioChannels: () => 2,
}

const safari: Browser = {
  ...chromium,
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
  canPlayType: (type) => (/mpegurl|mp4|quicktime/.test(type) ? 'maybe' : ''),
  mediaSource: undefined,
  managedMediaSource: says('avc1', 'hvc1', 'mp4a.40.2', 'ac-3', 'ec-3'),
}

it('tells Chromium: hls.js, closed groups of pictures, no HEVC, no AC-3', async () => {
  const profile = DeviceProfile.parse(await askBrowser(chromium))
  expect(profile).toMatchObject({ hls: 'mse', needsClosedGop: true, audioChannels: 2 })
  expect(profile.segmentCodecs).toEqual(['avc1.640028', 'avc1.640033', 'vp09.00.40.08', 'mp4a.40.2', 'opus'])
  expect(profile.codecs).toEqual(['avc1.640028', 'avc1.640033', 'mp4a.40.2'])
})

it.each([
  ['Chrome', true],
  ['Chromium', true],
  ['HeadlessChrome', true],
  ['Edg/156.0 Chrome', true],
  ['CriOS', false],
])('of a browser that calls itself %s, whether it needs closed groups: %s', async (name, expected) => {
  const userAgent = `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) ${name}/156.0.0.0 Safari/537.36`
  expect((await askBrowser({ ...chromium, userAgent })).needsClosedGop).toBe(expected)
})

it('tells an iPhone, which has Managed Media Source alone: the playlist by itself, HEVC and Dolby sound', async () => {
  const profile = DeviceProfile.parse(await askBrowser(safari))
  expect(profile).toMatchObject({ hls: 'native', needsClosedGop: false })
  expect(profile.segmentCodecs).toEqual(expect.arrayContaining(['hvc1.1.6.L120.B0', 'ac-3', 'ec-3']))
})

it('says for each codec and height how it decodes', async () => {
  const { decoding } = await askBrowser(chromium)
  expect(decoding).toContainEqual({
    codec: 'avc1.640028',
    heightPixels: 1080,
    isSmooth: true,
    isPowerEfficient: false,
  })
  expect(decoding).toContainEqual({
    codec: 'avc1.640028',
    heightPixels: 2160,
    isSmooth: false,
    isPowerEfficient: false,
  })
  expect(decoding?.some(({ codec }) => codec.startsWith('hvc1'))).toBe(false)
})

it('goes on without what a browser cannot answer', async () => {
  const old: Browser = {
    ...chromium,
    mediaSource: undefined,
    canPlayType: (type) => (type.includes('mpegurl') || type.includes('avc1') ? 'maybe' : ''),
    decodingInfo: undefined,
    audioChannels: () => undefined,
  }
  const profile = DeviceProfile.parse(await askBrowser(old))
  expect(profile).toMatchObject({ hls: 'native', decoding: [] })
  expect(profile.segmentCodecs).toEqual(['avc1.640028', 'avc1.640033'])
  const throwing = { ...chromium, decodingInfo: () => Promise.reject(new TypeError('unknown codec')) }
  expect((await askBrowser(throwing)).decoding).toEqual([])
})
