/** Every wish a viewer can have, one entry each; buttons, keys, touches and media keys all ask here. */

/** What a request may act on. Playing and seeking go through the viewing, which remembers them over repairs. */
export type PlayerParts = {
  video: HTMLVideoElement
  root: HTMLElement
  viewing: {
    play: () => void
    pause: () => void
    seekTo: (seconds: number) => void
    seekNear: (seconds: number, withinSeconds: number) => void
    positionSeconds: number
    wantsToPlay: boolean
  }
}

/** How fast a film can run. */
export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const

/** iPhones give full screen to the video element alone, under this name. */
type AppleVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void }

export const playerRequests = {
  play: ({ viewing }: PlayerParts) => viewing.play(),
  pause: ({ viewing }: PlayerParts) => viewing.pause(),
  togglePlay: ({ viewing }: PlayerParts) => (viewing.wantsToPlay ? viewing.pause() : viewing.play()),
  seekTo: ({ viewing }: PlayerParts, seconds: number) => viewing.seekTo(seconds),
  /** A place on the bar: never meant to the frame. */
  seekNear: ({ viewing }: PlayerParts, seconds: number, withinSeconds: number) =>
    viewing.seekNear(seconds, withinSeconds),
  seekBy: ({ viewing }: PlayerParts, seconds: number) => viewing.seekTo(viewing.positionSeconds + seconds),
  seekToShare: ({ video, viewing }: PlayerParts, share: number) => {
    if (Number.isFinite(video.duration)) viewing.seekTo(video.duration * share)
  },
  setVolume: ({ video }: PlayerParts, volume: number) => {
    video.volume = Math.max(0, Math.min(1, volume))
    video.muted = video.volume === 0
  },
  changeVolumeBy: ({ video }: PlayerParts, change: number) => {
    const from = video.muted ? 0 : video.volume
    // Hundredths, or a hundred presses add up to a rounding error.
    video.volume = Math.max(0, Math.min(1, Math.round((from + change) * 100) / 100))
    video.muted = video.volume === 0
  },
  toggleMute: ({ video }: PlayerParts) => {
    const isSilent = video.muted || video.volume === 0
    video.muted = !isSilent
    if (isSilent && video.volume === 0) video.volume = 0.5
  },
  setSpeed: ({ video }: PlayerParts, speed: number) => {
    video.playbackRate = speed
    // A new source starts with the default one (HTML §4.8.11.8).
    video.defaultPlaybackRate = speed
  },
  toggleFullscreen: ({ video }: PlayerParts) => {
    if (document.fullscreenElement) return void document.exitFullscreen()
    // Of the page, not of the player: the next episode is another player, and full screen outlives the change.
    const page = document.documentElement
    if (!page.requestFullscreen) return (video as AppleVideo).webkitEnterFullscreen?.()
    page.requestFullscreen({ navigationUI: 'hide' }).then(turnSideways, () => undefined)
  },
} as const

/** Phones turn to landscape with a wide film; elsewhere the wish is refused, which is fine. */
function turnSideways(): void {
  const orientation = screen.orientation as ScreenOrientation & { lock?: (to: string) => Promise<void> }
  orientation.lock?.('landscape').catch(() => undefined)
}
