/** Holds the reading ahead back while a frame is waited for: filling a buffer and decoding share one processor. */

/** A frame that was shown is not always told of (a hidden page): then it counts as shown this long after it could be. */
const SHOWN_AFTER_MS = 500

/**
 * Calls `hold` now and at each seek, and `release` once the frame of that place has been given to the screen. Returns
 * how to end it.
 */
export function holdBackUntilShown(video: HTMLVideoElement, hold: () => void, release: () => void): () => void {
  let wait = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const begin = () => {
    wait.abort()
    clearTimeout(timer)
    wait = new AbortController()
    const { signal } = wait
    const shown = () => {
      if (signal.aborted) return
      wait.abort()
      clearTimeout(timer)
      release()
    }
    const couldBe = () => {
      timer ??= setTimeout(shown, SHOWN_AFTER_MS)
      video.requestVideoFrameCallback?.(shown)
    }
    timer = undefined
    hold()
    video.addEventListener('canplay', couldBe, { signal })
    video.addEventListener('seeked', couldBe, { signal })
  }
  begin()
  video.addEventListener('seeking', begin)
  return () => {
    wait.abort()
    clearTimeout(timer)
    video.removeEventListener('seeking', begin)
  }
}
