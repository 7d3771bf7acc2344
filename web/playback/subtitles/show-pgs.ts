/** Subtitles that are pictures (Blu-ray), drawn by libpgs in a worker; loaded when a film first needs it. */
import workerUrl from 'libpgs/dist/libpgs.worker.js?url'
import { mergeSup } from './merge-sup.ts'
import type { SubtitleShow } from './subtitle-show.ts'

export async function showPgs(video: HTMLVideoElement, offsetSeconds: number): Promise<SubtitleShow> {
  const { PgsRenderer } = await import('libpgs')
  const renderer = new PgsRenderer({ video, workerUrl, timeOffset: -offsetSeconds })
  return {
    show: async (windows, endSeconds) => {
      await renderer.loadFromBuffer(mergeSup(windows, endSeconds).buffer)
    },
    setOffset: (seconds) => {
      renderer.timeOffset = -seconds
    },
    close: () => renderer.dispose(),
  }
}
