/** What a subtitle file that somebody adds is, before it is kept: read once, so that nonsense is refused. Pure. */
import type { AddedSubtitleFormat } from '#protocol/agent-requests.ts'
import type { SubtitleKind } from '#protocol/tracks.ts'
import { readAss } from './read-ass.ts'
import { readSrt } from './read-srt.ts'
import { readVtt } from './read-vtt.ts'

/** What containers call each. */
export const formatNames: Readonly<Record<AddedSubtitleFormat, string>> = { srt: 'subrip', vtt: 'webvtt', ass: 'ass' }

export const kindOfFormat = (format: AddedSubtitleFormat): SubtitleKind => (format === 'ass' ? 'ass' : 'text')

/** The format that the text really has: names lie. Undefined when no cue is in it. */
export function formatOfText(text: string): AddedSubtitleFormat | undefined {
  if (/^\s*WEBVTT/.test(text)) return readVtt(text.trimStart()).length > 0 ? 'vtt' : undefined
  if (/^\s*\[script info\]/im.test(text.slice(0, 4000)) || /^dialogue:/im.test(text))
    return readAss(text).events.length > 0 ? 'ass' : undefined
  return readSrt(text).length > 0 ? 'srt' : undefined
}
