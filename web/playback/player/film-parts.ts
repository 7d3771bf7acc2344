/** Pure: chapters and markers of a film, as the seek bar, the keys and the skip button need them. */
import type { Chapter, Marker } from '#protocol/tracks.ts'

/** Shortly after a chapter's beginning, back means the one before. */
const RESTART_AFTER_SECONDS = 3
/** A stretch that is nearly over is not worth a button. */
const LEAST_LEFT_SECONDS = 2

export function chapterAt(chapters: readonly Chapter[], seconds: number): Chapter | undefined {
  return chapters.findLast(({ startSeconds }) => startSeconds <= seconds)
}

/** The chapter to go to; undefined when there is none that way. */
export function neighbourChapter(chapters: readonly Chapter[], seconds: number, by: 1 | -1): Chapter | undefined {
  if (by === 1) return chapters.find(({ startSeconds }) => startSeconds > seconds)
  return chapters.findLast(({ startSeconds }) => startSeconds < seconds - RESTART_AFTER_SECONDS) ?? chapters[0]
}

/** Where the bar is cut, as shares of the film: every chapter's beginning but the film's own. */
export function chapterCuts(chapters: readonly Chapter[], durationSeconds: number): number[] {
  if (durationSeconds <= 0) return []
  const shares = chapters.map(({ startSeconds }) => startSeconds / durationSeconds)
  return shares.filter((share) => share > 0.001 && share < 0.999)
}

export type Skip = { kind: Marker['kind']; label: string; toSeconds: number }

/** What can be skipped at this moment; undefined when nothing. */
export function skipAt(markers: readonly Marker[], seconds: number, durationSeconds: number): Skip | undefined {
  const marker = markers.find(
    ({ startSeconds, endSeconds }) => startSeconds <= seconds && seconds < endSeconds - LEAST_LEFT_SECONDS,
  )
  if (!marker) return undefined
  // Credits that run to the end leave nothing to skip to but the end itself.
  const toSeconds = durationSeconds > 0 ? Math.min(marker.endSeconds, durationSeconds) : marker.endSeconds
  return { kind: marker.kind, label: labels[marker.kind], toSeconds }
}

const labels: Record<Marker['kind'], string> = {
  intro: 'Skip intro',
  recap: 'Skip recap',
  credits: 'Skip credits',
  preview: 'Skip preview',
}
