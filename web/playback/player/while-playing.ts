/** What goes on around a film that plays: the screen stays on, the favicon is lit, media keys work. */
import { showFavicon } from '../../ui/favicon.ts'
import { type PlayerParts, playerRequests } from './player-requests.ts'

/** Keeps the screen awake while the film plays; the browser drops the lock when the tab is hidden. */
export function keepAwake(video: HTMLVideoElement, signal: AbortSignal): void {
  let lock: WakeLockSentinel | undefined
  const update = async () => {
    const isWanted = !video.paused && !document.hidden && !signal.aborted
    if (isWanted && (!lock || lock.released)) lock = await navigator.wakeLock?.request('screen').catch(() => undefined)
    if (!isWanted || signal.aborted) await lock?.release()
  }
  for (const event of ['play', 'playing', 'pause', 'ended']) video.addEventListener(event, update, { signal })
  document.addEventListener('visibilitychange', update, { signal })
  signal.addEventListener('abort', update)
}

/** Lights the favicon while the film plays. */
export function lightFavicon(video: HTMLVideoElement, signal: AbortSignal): void {
  const update = () => showFavicon(!video.paused && !signal.aborted)
  for (const event of ['play', 'playing', 'pause', 'ended', 'emptied'])
    video.addEventListener(event, update, { signal })
  signal.addEventListener('abort', update)
}

/** Tells the device what plays and takes its media keys (Media Session). */
export function joinMediaSession(
  parts: PlayerParts,
  about: { name: string; poster: string | null },
  signal: AbortSignal,
): void {
  const { mediaSession } = navigator
  if (!mediaSession) return
  mediaSession.metadata = new MediaMetadata({
    title: about.name,
    artist: 'Porchlight',
    artwork: [{ src: about.poster ?? '/icons/app-512.png' }],
  })
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => playerRequests.play(parts),
    pause: () => playerRequests.pause(parts),
    seekbackward: ({ seekOffset }) => playerRequests.seekBy(parts, -(seekOffset ?? 10)),
    seekforward: ({ seekOffset }) => playerRequests.seekBy(parts, seekOffset ?? 10),
    seekto: ({ seekTime }) => seekTime !== undefined && playerRequests.seekTo(parts, seekTime),
  }
  const entries = Object.entries(handlers) as [MediaSessionAction, MediaSessionActionHandler][]
  for (const [action, handler] of entries) mediaSession.setActionHandler(action, handler)
  const { video } = parts
  const update = () => {
    mediaSession.playbackState = video.paused ? 'paused' : 'playing'
    if (!Number.isFinite(video.duration) || video.duration === 0) return
    const position = Math.min(video.currentTime, video.duration)
    mediaSession.setPositionState({ duration: video.duration, playbackRate: video.playbackRate, position })
  }
  for (const event of ['play', 'pause', 'seeked', 'loadedmetadata', 'ratechange'])
    video.addEventListener(event, update, { signal })
  signal.addEventListener('abort', () => {
    mediaSession.metadata = null
    mediaSession.playbackState = 'none'
    for (const [action] of entries) mediaSession.setActionHandler(action, null)
  })
}
