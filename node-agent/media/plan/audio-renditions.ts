/** What each audio track is handed over as: as it is, or made AAC. Pure. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { PlayReason } from '#protocol/play-plan.ts'
import type { Rendition } from '#protocol/rendition.ts'
import type { AudioTrack } from '#protocol/tracks.ts'
import { type CapabilitiesOfMaking, canMakeAudio } from '../making/capabilities-of-making.ts'
import { decodes } from './decodes.ts'

type AudioRendition = Extract<Rendition, { kind: 'audio' }>
const MOST_TRACKS = 32

/** `first` first; tracks that can neither be copied nor made are left out. `copies`: false when sound failed before. */
export function audioRenditions(options: {
  tracks: readonly AudioTrack[]
  first: AudioTrack | undefined
  device: DeviceProfile
  making: CapabilitiesOfMaking
  copies: boolean
}): { renditions: AudioRendition[]; isFirstMade: boolean; reasons: PlayReason[] } {
  const { tracks, first, device, making, copies } = options
  const inOrder = [...(first ? [first] : []), ...tracks.filter(({ id }) => id !== first?.id)].slice(0, MOST_TRACKS)
  const renditions = inOrder.flatMap((track): AudioRendition[] => {
    const rendition = { kind: 'audio', trackId: track.id } as const
    const isDecoded = decodes(device.segmentCodecs ?? [], track.codec)
    if (isDecoded && copies) return [rendition]
    if (!canMakeAudio(making, track)) return isDecoded ? [rendition] : []
    return [{ ...rendition, made: { channels: channelsFor(track, device) } }]
  })
  const [heard] = renditions
  const isFirstMade = heard?.made !== undefined
  const reasons: PlayReason[] = []
  if (first && isFirstMade && !decodes(device.segmentCodecs ?? [], first.codec)) reasons.push('audio_codec_not_decoded')
  if (first && heard?.made && heard.made.channels < first.channels) reasons.push('audio_channels_reduced')
  return { renditions, isFirstMade, reasons }
}

const channelsFor = (track: AudioTrack, { audioChannels = 2 }: DeviceProfile): 2 | 6 =>
  track.channels >= 6 && audioChannels >= 6 ? 6 : 2
