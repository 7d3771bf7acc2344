/** WebVTT → cues: times, text and known settings; styles, regions and scripts of theirs are dropped. Pure. */
import { type Cue, MOST_CUES, readTimestamp } from './cue.ts'
import { isBlank, toCueText } from './cue-text.ts'
import { inOrder } from './read-srt.ts'

const setting =
  /^(?:vertical:(?:rl|lr)|line:-?\d{1,4}(?:\.\d{1,4})?%?|(?:position|size):\d{1,3}(?:\.\d{1,4})?%|align:(?:start|center|end|left|right))$/

/** Empty when it does not begin as WebVTT does. */
export function readVtt(text: string): Cue[] {
  if (!/^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(text)) return []
  const cues: Cue[] = []
  for (const block of text.split(/(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)/)) {
    const lines = block.split(/\r\n|\r|\n/)
    const at = lines.findIndex((line) => line.includes('-->'))
    if (at < 0 || at > 2) continue
    const cue = readCue(lines[at] ?? '', lines.slice(at + 1).join('\n'))
    if (cue) cues.push(cue)
    if (cues.length >= MOST_CUES) break
  }
  return inOrder(cues)
}

function readCue(timing: string, markup: string): Cue | undefined {
  const [, from = '', to = '', rest = ''] = /^\s*([\d:.,]{3,20})\s+-->\s+([\d:.,]{3,20})(.{0,200})/.exec(timing) ?? []
  const [startSeconds, endSeconds] = [readTimestamp(from), readTimestamp(to)]
  if (startSeconds === undefined || endSeconds === undefined || endSeconds <= startSeconds) return undefined
  const text = toCueText(markup, 'are-text')
  return isBlank(text) ? undefined : { startSeconds, endSeconds, text, settings: knownSettings(rest) }
}

/** Only what WebVTT §3.5 lists, spelt as it does. */
export const knownSettings = (text: string): string =>
  text
    .split(/[ \t]+/)
    .filter((word) => setting.test(word))
    .join(' ')
