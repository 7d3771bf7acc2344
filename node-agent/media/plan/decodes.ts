/** Does a device that lists codecs by example decode this one? Pure. */

/** H.264 profiles that every decoder of High has: Baseline, Main, Extended, High. */
const COMMON_AVC = ['42', '4d', '58', '64']

/**
 * By what makes one stream decodable and another not: the profile (H.264, HEVC, VP9), the bit depth (AV1), the kind of
 * object (`mp4a`). Levels are left to the device's own word on sizes.
 */
export function decodes(listed: readonly string[], codec: string | undefined): boolean {
  if (codec === undefined) return false
  const wanted = kindOf(codec)
  return listed.some((known) => kindOf(known) === wanted)
}

/** What two codec strings share when a decoder of one takes the other. */
export function kindOf(codec: string): string {
  const text = codec.toLowerCase()
  const [family = '', second = '', , fourth = ''] = text.split('.')
  switch (family) {
    case 'avc1':
    case 'avc3': {
      const profile = second.slice(0, 2)
      return COMMON_AVC.includes(profile) ? 'avc' : `avc ${profile}`
    }
    case 'hvc1':
    case 'hev1':
      return `hevc ${second}`
    case 'dvh1':
    case 'dvhe':
      return `dolby ${second}`
    case 'vp09':
    case 'vp9':
      return `vp9 ${Number(second) || 0}`
    case 'av01':
      return `av1 ${fourth || '08'}`
    case 'mp4a':
      // MP3 in MP4 has two names (ISO/IEC 14496-1, object types 0x69 and 0x6B).
      if (second === '69' || second === '6b') return 'mp3'
      return `mp4a ${second}`
    case 'fla':
      return 'flac'
    default:
      return family
  }
}
