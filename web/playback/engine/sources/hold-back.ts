/** Holds the reading ahead back while a frame is waited for: filling a buffer and decoding share one processor. */

/** A frame that was shown is not always told of (a hidden page): then it counts as shown this long after it could be. */
const SHOWN_AFTER_MS = 500
/** What does not come by then may be waiting for what is held back. */
const AT_MOST_MS = 2000

/**
 * Calls `hold` now and at each seek, and `release` once the frame of that place has been given to the screen. Returns
 * how to end it.
 */
export function holdBackUntilShown(video: HTMLVideoElement, hold: () => void, release: () => void): () => void {
  let wait = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let longest: ReturnType<typeof setTimeout> | undefined
  const clear = () => {
    clearTimeout(timer)
    clearTimeout(longest)
  }
  const begin = () => {
    wait.abort()
    clear()
    wait = new AbortController()
    const { signal } = wait
    const shown = () => {
      if (signal.aborted) return
      wait.abort()
      clear()
      release()
    }
    const couldBe = () => {
      timer ??= setTimeout(shown, SHOWN_AFTER_MS)
      video.requestVideoFrameCallback?.(shown)
    }
    timer = undefined
    longest = setTimeout(shown, AT_MOST_MS)
    hold()
    video.addEventListener('canplay', couldBe, { signal })
    video.addEventListener('seeked', couldBe, { signal })
  }
  begin()
  video.addEventListener('seeking', begin)
  return () => {
    wait.abort()
    clear()
    video.removeEventListener('seeking', begin)
  }
}
