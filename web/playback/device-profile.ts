/** What this browser says it can decode and open, asked of it once. */
import type { DeviceProfile } from '#protocol/device-profile.ts'

const videoCodecs = [
  'avc1.640028',
  'avc1.640033',
  'hvc1.1.6.L120.B0',
  'hvc1.2.4.L153.B0',
  'av01.0.08M.08',
  'av01.0.08M.10',
  'vp09.00.40.08',
]
const audioCodecs = ['mp4a.40.2', 'mp4a.69', 'opus', 'flac', 'ac-3', 'ec-3']
const containers = ['video/mp4', 'video/webm', 'video/x-matroska', 'video/quicktime']

let known: DeviceProfile | undefined

/** Asks by `canPlayType`, because the file is played as it is; "maybe" about a whole container counts as a yes. */
export function deviceProfile(): DeviceProfile {
  if (known) return known
  const video = document.createElement('video')
  const can = (type: string) => video.canPlayType(type) !== ''
  known = {
    codecs: [
      ...videoCodecs.filter((codec) => can(`video/mp4; codecs="${codec}"`)),
      ...audioCodecs.filter((codec) => can(`audio/mp4; codecs="${codec}"`)),
    ],
    containers: containers.filter(can),
  }
  return known
}
