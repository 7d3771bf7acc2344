/** The pitch of what a playing `<video>` sounds: the loudest frequency that leaves the decoder. */
import type { Page } from 'playwright-core'

/** Hertz, within a few; 0 while nothing sounds. */
export const heardHertz = (page: Page): Promise<number> => page.evaluate(hertzInPage) as Promise<number>

const hertzInPage = `(async () => {
  const video = document.querySelector('video')
  const context = new AudioContext()
  try {
    const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(video.captureStream()).connect(analyser)
    await new Promise((done) => setTimeout(done, 600))
    const loudness = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(loudness)
    const loudest = loudness.reduce((best, db, at) => (db > loudness[best] ? at : best), 0)
    return loudness[loudest] < -80 ? 0 : (loudest * context.sampleRate) / analyser.fftSize
  } finally {
    await context.close()
  }
})()`
