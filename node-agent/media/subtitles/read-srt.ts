/** SubRip → cues. Tolerant: numbers may be missing or wrong, times may have a point, empty lines may be anywhere. Pure. */
import { alignmentIn, settingsOfAlignment } from './alignment.ts'
import { type Cue, MOST_CUES, readTimestamp } from './cue.ts'
import { isBlank, toCueText } from './cue-text.ts'

const timing = /^\s*([\d:.,]{3,20})\s*-{2,3}>\s*([\d:.,]{3,20})(?:\s.*)?$/

export function readSrt(text: string): Cue[] {
  const cues: Cue[] = []
  let lines: string[] = []
  let times: { startSeconds: number; endSeconds: number } | undefined
  const finish = (isFollowed: boolean) => {
    if (!times) return
    while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop()
    // The number of the cue that follows.
    if (isFollowed && /^\s*\d{1,6}\s*$/.test(lines.at(-1) ?? '')) lines.pop()
    const markup = lines.join('\n')
    const cue = { ...times, text: toCueText(markup), settings: settingsOfAlignment(alignmentIn(markup)) }
    if (cue.endSeconds > cue.startSeconds && !isBlank(cue.text)) cues.push(cue)
  }
  for (const line of text.split(/\r\n|\r|\n/)) {
    const found = line.includes('->') ? readTiming(line) : undefined
    if (found) {
      finish(true)
      if (cues.length >= MOST_CUES) return inOrder(cues)
      times = found
      lines = []
    } else if (times) lines.push(line)
  }
  finish(false)
  return inOrder(cues)
}

function readTiming(line: string): { startSeconds: number; endSeconds: number } | undefined {
  const [, from = '', to = ''] = timing.exec(line.slice(0, 200)) ?? []
  const [startSeconds, endSeconds] = [readTimestamp(tidied(from)), readTimestamp(tidied(to))]
  return startSeconds === undefined || endSeconds === undefined ? undefined : { startSeconds, endSeconds }
}

/** `00:00:01:500` is seen in the wild: the last part is milliseconds. */
const tidied = (time: string): string => time.replace(/^(\d+:\d+:\d+):(\d+)$/, '$1.$2')

export const inOrder = <Timed extends { startSeconds: number }>(all: Timed[]): Timed[] =>
  all.sort((a, b) => a.startSeconds - b.startSeconds)
