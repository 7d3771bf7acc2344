/** How large a picture may be on this screen, over this line, by this person's wish, and why. Pure. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { PlayReason, PlayWish } from '#protocol/play-plan.ts'
import { MADE_HEIGHTS } from '#protocol/rendition.ts'
import type { VideoTrack } from '#protocol/tracks.ts'
import type { CapabilitiesOfMaking } from '../making/capabilities-of-making.ts'
import { videoShape } from '../making/ffmpeg/video-shape.ts'
import { kindOf } from './decodes.ts'

type MadeHeight = (typeof MADE_HEIGHTS)[number]

/** A line carries this part of what was measured, so that there is something to catch up with. */
const LINE_PART = 0.8
const DATA_SAVER_HEIGHT = 720
/** What a processor of a small machine encodes faster than it is watched. */
const SOFTWARE_HEIGHT = 720
const AUDIO_BITS_PER_SECOND = 192_000

/** Why the picture as it is would be too much, whatever its codec. Empty: it is not. */
export function tooMuch(
  track: VideoTrack,
  bytesPerSecond: number | undefined,
  device: DeviceProfile,
  wish: PlayWish | undefined,
): PlayReason[] {
  const reasons: PlayReason[] = []
  const exceeds = (most: number | undefined) => most !== undefined && (bytesPerSecond ?? 0) > most
  if (track.height > (wish?.mostHeightPixels ?? Number.POSITIVE_INFINITY) || exceeds(wish?.mostBytesPerSecond)) {
    reasons.push('quality_chosen')
  }
  // By hand means: whatever the line.
  const byHand = wish?.mostHeightPixels !== undefined || wish?.mostBytesPerSecond !== undefined
  if (!byHand && exceeds(device.lineBytesPerSecond && device.lineBytesPerSecond * LINE_PART)) {
    reasons.push('line_too_slow')
  }
  if (!byHand && device.savesData && track.height > DATA_SAVER_HEIGHT) reasons.push('data_saver')
  if (track.codec !== undefined && !isSmooth(track, device)) reasons.push('video_not_smooth')
  return reasons
}

/** As the device said of this kind of codec at this size, or of the next larger one; what it did not say is smooth. */
function isSmooth({ codec = '', height }: VideoTrack, { decoding = [] }: DeviceProfile): boolean {
  const alike = decoding
    .filter((info) => kindOf(info.codec) === kindOf(codec) && info.heightPixels >= height)
    .sort((a, b) => a.heightPixels - b.heightPixels)
  return alike[0]?.isSmooth ?? true
}

/** Heights to make the picture in, largest first: those that fit, and at least the smallest. */
export function heightsToMake(
  track: VideoTrack,
  device: DeviceProfile,
  wish: PlayWish | undefined,
  making: CapabilitiesOfMaking,
): MadeHeight[] {
  const byHand = wish?.mostHeightPixels !== undefined
  const line = wish?.mostBytesPerSecond ?? (byHand ? undefined : device.lineBytesPerSecond)
  const fits = (height: MadeHeight) => {
    const shape = videoShape(track, height)
    const bits = shape.mostBitsPerSecond + AUDIO_BITS_PER_SECOND
    return (
      height <= (wish?.mostHeightPixels ?? Number.POSITIVE_INFINITY) &&
      (line === undefined || bits <= line * 8 * LINE_PART) &&
      (byHand || !device.savesData || height <= DATA_SAVER_HEIGHT) &&
      (byHand || making.hardware !== undefined || height <= SOFTWARE_HEIGHT)
    )
  }
  // A height that only repeats the one below it, or that no screen of this device shows, is left out.
  const useful = MADE_HEIGHTS.filter((height, n) => {
    const below = MADE_HEIGHTS[n + 1]
    if (below === undefined) return true
    const isLarger = videoShape(track, height).height > videoShape(track, below).height
    return isLarger && (byHand || below < (device.screenHeightPixels ?? Number.POSITIVE_INFINITY))
  })
  const fitting = useful.filter(fits)
  return fitting.length > 0 ? fitting : [480]
}
