/** Puts a URL into the video element at a position and waits until its beginning is there, or says why not. */
import { CannotPlay, Unreachable } from '../../failure.ts'

/** Home was just asked and answered; a swarm may still need a while for the first pieces. */
const LOAD_WITHIN_MS = 30_000

/** Resolves at `loadedmetadata`. Throws CannotPlay, Unreachable, or the signal's reason. */
export function loadSource(
  video: HTMLVideoElement,
  url: string,
  atSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = new AbortController()
    const finish = (settle: () => void) => {
      done.abort()
      settle()
    }
    const listen = { signal: done.signal }
    const timer = setTimeout(() => finish(() => reject(new Unreachable('The film did not begin.'))), LOAD_WITHIN_MS)
    done.signal.addEventListener('abort', () => clearTimeout(timer))
    signal.addEventListener('abort', () => finish(() => reject(signal.reason)), listen)
    video.addEventListener('loadedmetadata', () => finish(resolve), listen)
    video.addEventListener('error', () => finish(() => reject(mediaFailure(video))), listen)
    video.src = url
    // Before metadata this is the default playback start position (HTML §4.8.11.6): no bytes from the start are fetched.
    if (atSeconds > 0) video.currentTime = atSeconds
    video.load()
    if (atSeconds > 0) video.currentTime = atSeconds
  })
}

/** A network failure is home's; anything else is the bytes'. */
export function mediaFailure(video: HTMLVideoElement): CannotPlay | Unreachable {
  const { code, message } = video.error ?? { code: 0, message: '' }
  return code === MediaError.MEDIA_ERR_DECODE || code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED
    ? new CannotPlay(message)
    : new Unreachable(message)
}
