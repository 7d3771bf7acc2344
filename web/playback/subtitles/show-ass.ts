/** Styled subtitles, drawn by libass (jassub) in a worker; loaded when a film first needs it. */
import defaultFont from 'jassub/dist/default.woff2?url'
import { resourcePath } from '#protocol/stream-url.ts'
import { assScript } from './ass-script.ts'
import type { SubtitleShow } from './subtitle-show.ts'
import type { SubtitleWindows } from './subtitle-windows.ts'

/** An attachment is no book: a film with more fonts than this is made to harm. */
const MOST_FONTS = 64
const START_WITHIN_MS = 30_000
/** A module that uses relaxed SIMD, to ask which build of libass runs here. Asking is no compiling: the page's policy forbids that. */
const relaxedSimd = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03],
  ...[0x02, 0x01, 0x00, 0x0a, 0x2b, 0x01, 0x29, 0x00, 0xfd, 0x0c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00],
  ...[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xfd, 0x0c, 0x00, 0x00, 0x00, 0x00],
  ...[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xfd, 0x80, 0x02, 0x0b],
)

export async function showAss(
  video: HTMLVideoElement,
  windows: SubtitleWindows,
  trackId: string,
  { offsetSeconds, fontCount }: { offsetSeconds: number; fontCount: number },
): Promise<SubtitleShow> {
  const [{ default: Jassub }, head] = await Promise.all([
    import('jassub'),
    windows.get(resourcePath({ kind: 'subtitle-head', trackId })).then((bytes) => new TextDecoder().decode(bytes)),
  ])
  // Said beforehand, because jassub would compile a module in the page to find out.
  Jassub._supportsSIMD = WebAssembly.validate(relaxedSimd)
  const libass = new Jassub({
    video,
    subContent: assScript(head, []),
    timeOffset: -offsetSeconds,
    // There from the start: a font that comes later is not drawn with until the film moves.
    fonts: [new URL(defaultFont, location.href).href],
    // Asks nobody else for fonts: what the film brings and one of ours are enough.
    queryFonts: false,
  })
  let isClosed = false
  const close = () => {
    isClosed = true
    void libass.destroy().catch(() => undefined)
  }
  try {
    await started(libass)
  } catch (error) {
    close()
    throw error
  }
  if (trackId.startsWith('e')) void bringFonts()

  async function bringFonts() {
    for (let index = 0; index < Math.min(MOST_FONTS, fontCount) && !isClosed; index++) {
      // One that is damaged leaves the others.
      const font = await windows.get(resourcePath({ kind: 'font', index })).catch(() => undefined)
      if (isClosed) return
      if (!font) continue
      await libass.renderer.addFonts([font])
      await redraw()
    }
  }
  /** While the film stands still no frame comes that would draw anew. */
  const redraw = async () => {
    if (!video.paused || isClosed || video.videoWidth === 0) return
    const { currentTime: mediaTime, videoWidth: width, videoHeight: height } = video
    await libass.manualRender({ mediaTime, width, height, expectedDisplayTime: performance.now() }, true)
  }
  return {
    show: async (held) => {
      if (isClosed) return
      const decoder = new TextDecoder()
      await libass.renderer.setTrack(
        assScript(
          head,
          held.map((bytes) => decoder.decode(bytes)),
        ),
      )
      await redraw()
    },
    setOffset: (seconds) => {
      libass.timeOffset = -seconds
      void redraw()
    },
    close,
  }
}

/** jassub waits forever for a worker that the browser did not load, and gives no renderer when libass did not start. */
async function started(libass: { ready: Promise<void>; renderer: unknown; _worker: Worker }): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    libass._worker.addEventListener('error', () => reject(new Error('The worker did not start.')), { once: true })
    setTimeout(() => reject(new Error('libass did not start.')), START_WITHIN_MS)
  })
  await Promise.race([libass.ready, failed])
  if (!libass.renderer) throw new Error('libass did not start.')
}
