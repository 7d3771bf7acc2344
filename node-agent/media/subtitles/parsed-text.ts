/** A whole subtitle file as what its windows are cut out of; the last few are remembered, since windows come in a row. */
import type { AddedSubtitleFormat } from '#protocol/agent-requests.ts'
import { assToCues, readLook } from './ass-to-cues.ts'
import type { Cue } from './cue.ts'
import { type AssScript, readAss } from './read-ass.ts'
import { readSrt } from './read-srt.ts'
import { readVtt } from './read-vtt.ts'

/** `script` is there when the file has styles; `cues` always. */
export type ParsedText = { cues: Cue[]; script?: AssScript }

export function parseText(format: AddedSubtitleFormat, text: string): ParsedText {
  if (format === 'srt') return { cues: readSrt(text) }
  if (format === 'vtt') return { cues: readVtt(text.trimStart()) }
  const script = readAss(text)
  return { cues: assToCues(script.events, readLook(script.head)), script }
}

const MOST_REMEMBERED = 8

/** One reading for all who ask at once; a failed one is forgotten. */
export function rememberParsed<Parsed = ParsedText>() {
  const kept = new Map<string, Promise<Parsed>>()
  return (key: string, parse: () => Promise<Parsed>): Promise<Parsed> => {
    const known = kept.get(key)
    const parsed = known ?? parse()
    kept.delete(key)
    kept.set(key, parsed)
    if (!known) parsed.catch(() => kept.delete(key))
    for (const oldest of [...kept.keys()].slice(0, -MOST_REMEMBERED)) kept.delete(oldest)
    return parsed
  }
}
