/** The last picture, kept on a canvas over the video while a new source is fetched, so that the screen never goes black. */

const WIDTH = 1280

/** Draws what the video shows now; keeps the older picture when it shows none. */
export function takeFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return
  const width = Math.min(WIDTH, video.videoWidth)
  const height = Math.round((width * video.videoHeight) / video.videoWidth)
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
  canvas.getContext('2d')?.drawImage(video, 0, 0, width, height)
}

/** A seek's frame is drawn after it has been shown: drawing takes its time too. */
const AFTER_SEEK_MS = 400

/** Takes a frame whenever the picture is about to stand still, and every few seconds in case it breaks without notice. */
export function keepLastFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): () => void {
  const take = () => {
    // A picture that is being left is not worth the time that its successor is waited for.
    if (!video.seeking) takeFrame(video, canvas)
  }
  let seekTimer: ReturnType<typeof setTimeout> | undefined
  const takeLater = () => {
    clearTimeout(seekTimer)
    seekTimer = setTimeout(take, AFTER_SEEK_MS)
  }
  const events = ['waiting', 'stalled', 'pause', 'error'] as const
  for (const event of events) video.addEventListener(event, take)
  video.addEventListener('seeked', takeLater)
  const timer = setInterval(() => {
    if (!video.paused && !document.hidden) take()
  }, 4000)
  return () => {
    clearInterval(timer)
    clearTimeout(seekTimer)
    video.removeEventListener('seeked', takeLater)
    for (const event of events) video.removeEventListener(event, take)
  }
}
