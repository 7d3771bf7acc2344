/** What a release's size says of its picture, where its name does not. Pure. */
import type { Release, ReleaseVideoCodec } from '#protocol/release.ts'

/** How many bits of H.264 one bit of the codec is worth, for the same picture. */
const worthInH264: Record<ReleaseVideoCodec, number> = {
  mpeg2: 0.45,
  theora: 0.6,
  mpeg4: 0.65,
  wmv: 0.8,
  vc1: 0.85,
  vp8: 0.9,
  h264: 1,
  vp9: 1.5,
  hevc: 1.6,
  av1: 2,
  vvc: 2.4,
}

/**
 * Bits of H.264 a second: what a picture of these lines is usually made of at least, and what it cannot be made of.
 * From what stores and groups give: 1080p seldom under 4 Mbit/s, and the smallest encodes at 0.6.
 */
const pictures = [
  { heightPixels: 2160, usualBits: 16_000_000, leastBits: 1_600_000 },
  { heightPixels: 1080, usualBits: 3_500_000, leastBits: 600_000 },
  { heightPixels: 720, usualBits: 1_600_000, leastBits: 350_000 },
  { heightPixels: 576, usualBits: 1_100_000, leastBits: 200_000 },
  { heightPixels: 480, usualBits: 0, leastBits: 100_000 },
] as const

/** UHD Blu-ray carries at most 144 Mbit/s; more in a file of that length is something else. */
const MOST_BITS_PER_SECOND = 150_000_000

export type SizedRelease = Pick<Release, 'heightPixels' | 'videoCodec' | 'seasons' | 'episodes' | 'absolute'> & {
  sizeBytes: number | undefined
  /** Of the film, or of one episode. */
  runtimeMinutes: number | undefined
}

/** How many lines it probably has: as said, else as its bits a second are usual for. Undefined without a size. */
export function likelyHeight(release: SizedRelease): number | undefined {
  if (release.heightPixels !== undefined) return release.heightPixels
  const bits = bitsPerSecond(release)
  if (bits === undefined) return undefined
  const worth = bits * worthInH264[release.videoCodec ?? 'h264']
  return pictures.find(({ usualBits }) => worth >= usualBits)?.heightPixels
}

/** However many bits they are made of, the picture was worse before. */
const recordings = new Set<Release['source']>(['cam', 'telesync', 'workprint', 'telecine', 'vhs'])

/** The release with that guess beside what it says, where it says nothing. */
export function withLikelyHeight(
  release: Release,
  sizeBytes: number | undefined,
  runtimeMinutes: number | undefined,
): Release {
  if (release.heightPixels !== undefined || recordings.has(release.source)) return release
  const likelyHeightPixels = likelyHeight({ ...release, sizeBytes, runtimeMinutes })
  return likelyHeightPixels === undefined ? release : { ...release, likelyHeightPixels }
}

/** Whether so few or so many bytes can be what the name says; undefined where nothing speaks against it. */
export function sizeDoubt(release: SizedRelease): 'too_small' | 'too_large' | undefined {
  const bits = bitsPerSecond(release)
  if (bits === undefined) return undefined
  if (bits > MOST_BITS_PER_SECOND) return 'too_large'
  const height = release.heightPixels
  const picture = pictures.find(({ heightPixels }) => heightPixels <= (height ?? 480)) ?? pictures[4]
  return bits * worthInH264[release.videoCodec ?? 'h264'] < picture.leastBits ? 'too_small' : undefined
}

/** Of sound and picture together; undefined where it is not known, and for packs whose length nobody knows. */
export function bitsPerSecond(release: SizedRelease): number | undefined {
  const { sizeBytes, runtimeMinutes, episodes, absolute, seasons } = release
  if (sizeBytes === undefined || !runtimeMinutes || runtimeMinutes < 0) return undefined
  const span = episodes ?? absolute
  if (seasons && !span) return undefined
  const parts = span ? span.to - span.from + 1 : 1
  return (sizeBytes * 8) / (runtimeMinutes * 60 * parts)
}
