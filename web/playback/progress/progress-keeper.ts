/** Saves how far a person has watched: at the edge, and in this browser in case the edge cannot be told. */
import * as z from 'zod'
import type { SavedProgress } from '../../api.ts'
import { saveProgress, saveProgressNow } from '../../edge-api.ts'
import { type LastSave, momentOf, type SaveReason, shouldSave } from './should-save.ts'

const SEEK_SETTLES_MS = 1000

const Local = z.object({ positionSeconds: z.number(), durationSeconds: z.number(), watchedAtMs: z.number() })
const keyOf = (personId: string, titleId: string) => `porchlight.at.${personId}.${titleId}`

/** What this browser remembers of a title. */
export function readLocalProgress(personId: string, titleId: string): SavedProgress | undefined {
  try {
    return Local.parse(JSON.parse(localStorage.getItem(keyOf(personId, titleId)) ?? ''))
  } catch {
    return undefined
  }
}

function writeLocal(personId: string, titleId: string, progress: SavedProgress): void {
  try {
    localStorage.setItem(keyOf(personId, titleId), JSON.stringify(progress))
  } catch {
    // Full or forbidden: the edge still knows.
  }
}

type Keeping = {
  video: HTMLVideoElement
  personId: string
  titleId: string
  positionSeconds: () => number
  /** Which file plays, and where its credits begin. */
  file: () => Pick<SavedProgress, 'sourceId' | 'creditsAtSeconds'>
  onSaved: (progress: SavedProgress) => void
  signal: AbortSignal
}

/** Follows the element until the signal ends, then saves once more. */
export function keepProgress({ video, personId, titleId, positionSeconds, file, onSaved, signal }: Keeping): void {
  let last: LastSave
  /** The edge was told that it plays: it tells Trakt, once each time it begins. */
  let isPlayingTold = false
  let seekTimer: ReturnType<typeof setTimeout> | undefined

  const save = (reason: SaveReason) => {
    const durationSeconds = Number.isFinite(video.duration) ? video.duration : 0
    const moment = { reason, nowMs: Date.now(), positionSeconds: positionSeconds() }
    if (durationSeconds === 0 || !shouldSave(last, moment)) return
    last = { atMs: moment.nowMs, positionSeconds: moment.positionSeconds }
    const progress = { positionSeconds: moment.positionSeconds, durationSeconds, watchedAtMs: moment.nowMs }
    writeLocal(personId, titleId, progress)
    const done = momentOf(reason, isPlayingTold)
    if (done !== undefined) isPlayingTold = done === 'playing'
    const told = { ...progress, ...file(), ...(done && { moment: done }) }
    const sent = reason === 'hide' ? saveProgressNow(titleId, told) : saveProgress(titleId, told)
    // A save that fails is made good by the next one; the browser's own memory covers the gap.
    sent.then(() => onSaved(progress)).catch(() => undefined)
  }

  const on = (events: string, reason: SaveReason, target: EventTarget = video) => {
    for (const event of events.split(' ')) target.addEventListener(event, () => save(reason), { signal })
  }
  on('timeupdate', 'tick')
  on('pause', 'pause')
  on('ended', 'end')
  on('pagehide', 'hide', window)
  document.addEventListener('visibilitychange', () => document.hidden && save('hide'), { signal })
  video.addEventListener(
    'seeked',
    () => {
      clearTimeout(seekTimer)
      seekTimer = setTimeout(() => save('seek'), SEEK_SETTLES_MS)
    },
    { signal },
  )
  signal.addEventListener('abort', () => {
    clearTimeout(seekTimer)
    save('hide')
  })
}
