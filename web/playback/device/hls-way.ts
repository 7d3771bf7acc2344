/** Pure: who reads an HLS playlist in this browser: hls.js, the browser itself, or nobody. */
import type { DeviceProfile } from '#protocol/device-profile.ts'

/** `opensPlaylists`: `canPlayType('application/vnd.apple.mpegurl')` is not empty. */
export type HlsAbilities = { hasMediaSource: boolean; hasManagedMediaSource: boolean; opensPlaylists: boolean }

/**
 * Native only where Managed Media Source stands beside it (Safari and iOS from 17.1) or where there is no Media Source
 * at all (older iPhones): Chromium too says "maybe" to a playlist (hls.js#7844), and plays it worse than hls.js does.
 */
export function hlsWay({ hasMediaSource, hasManagedMediaSource, opensPlaylists }: HlsAbilities): HlsWay {
  if (opensPlaylists && (hasManagedMediaSource || !hasMediaSource)) return 'native'
  return hasMediaSource || hasManagedMediaSource ? 'mse' : 'none'
}

export type HlsWay = NonNullable<DeviceProfile['hls']>
