/** How a file will reach a screen. Pure. Today there is one way, as it is; the reasons say how sure that is. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { PlayPlan } from '#protocol/play-plan.ts'
import type { Tracks } from '#protocol/tracks.ts'

/** `tracks` is undefined when the container is not known to us. */
export function playPlan(tracks: Tracks | undefined, contentType: string, device: DeviceProfile | undefined): PlayPlan {
  const isSure = tracks !== undefined && isKnownToPlay(tracks, contentType, device)
  return { mode: 'direct', reasons: [isSure ? 'plays_as_it_is' : 'codec_unknown_tried_directly'] }
}

/** True when the device said it opens the container and decodes the first video and the first audio track. */
function isKnownToPlay({ video, audio }: Tracks, contentType: string, device: DeviceProfile | undefined): boolean {
  if (!device || video.length === 0) return false
  const firsts = [video[0], audio[0]].filter((track) => track !== undefined)
  return (
    device.containers.includes(contentType) &&
    firsts.every(({ codec }) => codec !== undefined && device.codecs.some((known) => isSameCodec(known, codec)))
  )
}

/** A profile lists codecs by example: the same family (`avc1`, `mp4a.40`) counts, whatever profile and level follow. */
function isSameCodec(known: string, codec: string): boolean {
  const family = (text: string) =>
    text
      .toLowerCase()
      .split('.')
      .slice(0, text.startsWith('mp4a') ? 2 : 1)
      .join('.')
  return known.toLowerCase() === codec.toLowerCase() || family(known) === family(codec)
}
