/** Waits until a film's beginning is in the video element, or says why not. */
import { CannotPlay, Unreachable } from '../../../failure.ts'

/** Home was just asked and answered; a swarm may still need a while for the first pieces. */
const LOAD_WITHIN_MS = 30_000

type Waiting = { signal: AbortSignal; onFailure?: (fail: (cause: unknown) => void) => void }

/**
 * Runs `begin`, then resolves at `loadedmetadata`. Throws CannotPlay, Unreachable, what `onFailure` was told, or the
 * signal's reason.
 */
export function awaitBeginning(video: HTMLVideoElement, begin: () => void, waiting: Waiting): Promise<void> {
  const { signal, onFailure } = waiting
  return new Promise((resolve, reject) => {
    const done = new AbortController()
    const finish = (settle: () => void) => {
      done.abort()
      settle()
    }
    const fail = (cause: unknown) => finish(() => reject(cause))
    const listen = { signal: done.signal }
    const timer = setTimeout(() => fail(new Unreachable('The film did not begin.')), LOAD_WITHIN_MS)
    done.signal.addEventListener('abort', () => clearTimeout(timer))
    if (signal.aborted) return fail(signal.reason)
    signal.addEventListener('abort', () => fail(signal.reason), listen)
    onFailure?.(fail)
    video.addEventListener('loadedmetadata', () => finish(resolve), listen)
    video.addEventListener('error', () => fail(mediaFailure(video)), listen)
    begin()
  })
}

/** A network failure is home's; anything else is the bytes'. */
export function mediaFailure(video: HTMLVideoElement): CannotPlay | Unreachable {
  const { code, message } = video.error ?? { code: 0, message: '' }
  return code === MediaError.MEDIA_ERR_DECODE || code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED
    ? new CannotPlay(message)
    : new Unreachable(message)
}
