/** Advanced SubStation Alpha (and SSA) → its head and its events, in one order of fields. Pure. */
import { MOST_CUES, readTimestamp, type Window } from './cue.ts'
import { inOrder } from './read-srt.ts'

/** One Dialogue. `text` is as in the script, overrides and all. */
export type AssEvent = Window & {
  layer: string
  style: string
  name: string
  /** Left, right, vertical, as written. */
  margins: readonly [string, string, string]
  effect: string
  text: string
}

export type AssScript = { head: string; events: AssEvent[] }

/** Fonts and graphics inside a script make it large; a larger head is cut off. */
const MOST_HEAD_CHARACTERS = 4_000_000
const ourFormat = 'Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text'

/** Everything but the events, then the line that names the fields of what we write (`assLine`). */
export function assHead(script: string): string {
  const kept: string[] = []
  let section = ''
  for (const line of linesOf(script.slice(0, MOST_HEAD_CHARACTERS))) {
    section = sectionOf(line) ?? section
    if (section !== 'events' && !line.includes('\0')) kept.push(line)
  }
  return `${kept.join('\n').trim()}\n\n[Events]\nFormat: ${ourFormat}\n`
}

export function readAss(script: string): AssScript {
  const events: AssEvent[] = []
  let section = ''
  let format = ourFormat.split(', ').map((name) => name.toLowerCase())
  for (const line of linesOf(script)) {
    section = sectionOf(line) ?? section
    if (section !== 'events' || events.length >= MOST_CUES) continue
    if (/^format:/i.test(line)) format = fieldNames(line.slice(7))
    if (!/^dialogue:/i.test(line)) continue
    const event = readDialogue(line.slice(9), format)
    if (event) events.push(event)
  }
  return { head: assHead(script), events: inOrder(events) }
}

const linesOf = (script: string) => script.split(/\r\n|\r|\n/)
const sectionOf = (line: string): string | undefined => /^\s*\[([^\]]{1,60})\]/.exec(line)?.[1]?.trim().toLowerCase()
const fieldNames = (text: string) =>
  text
    .slice(0, 500)
    .split(',')
    .map((name) => name.trim().toLowerCase())

/** Fields by name; the last takes all that is left, commas too. */
export function splitFields(text: string, names: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  let rest = text
  names.forEach((name, index) => {
    const comma = index === names.length - 1 ? -1 : rest.indexOf(',')
    fields.set(name, (comma < 0 ? rest : rest.slice(0, comma)).trim())
    rest = comma < 0 ? '' : rest.slice(comma + 1)
  })
  return fields
}

function readDialogue(text: string, format: readonly string[]): AssEvent | undefined {
  const fields = splitFields(text, format)
  const [startSeconds, endSeconds] = [readTimestamp(fields.get('start') ?? ''), readTimestamp(fields.get('end') ?? '')]
  if (startSeconds === undefined || endSeconds === undefined || endSeconds <= startSeconds) return undefined
  return assEvent(fields, startSeconds, endSeconds)
}

/** What stands in a block of Matroska: the fields without times, after a number for their order. */
const blockFormat = ['readorder', 'layer', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text']
export const readAssBlock = (text: string, { startSeconds, endSeconds }: Window): AssEvent =>
  assEvent(splitFields(text, blockFormat), startSeconds, endSeconds)

function assEvent(fields: ReadonlyMap<string, string>, startSeconds: number, endSeconds: number): AssEvent {
  const field = (name: string) => (fields.get(name) ?? '').replaceAll(/[\r\n\0]+/g, ' ')
  const margin = (name: string) => (/^\d{1,5}$/.test(field(name)) ? field(name) : '0')
  return {
    startSeconds,
    endSeconds,
    layer: /^\d{1,5}$/.test(field('layer')) ? field('layer') : '0',
    style: field('style').replaceAll(',', ''),
    name: (field('name') || field('actor')).replaceAll(',', ''),
    margins: [margin('marginl'), margin('marginr'), margin('marginv')],
    effect: field('effect').replaceAll(',', ''),
    text: (fields.get('text') ?? '').replaceAll(/\r\n|\r|\n/g, '\\N').replaceAll('\0', ''),
  }
}

/** One line of a window, in the order that the head names. */
export const assLine = ({ startSeconds, endSeconds, layer, style, name, margins, effect, text }: AssEvent): string =>
  `Dialogue: ${[layer, assTime(startSeconds), assTime(endSeconds), style, name, ...margins, effect, text].join(',')}\n`

function assTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100)
  const two = (value: number) => String(value).padStart(2, '0')
  const rest = `${two(Math.floor(hundredths / 100) % 60)}.${two(hundredths % 100)}`
  return `${Math.floor(hundredths / 360_000)}:${two(Math.floor(hundredths / 6000) % 60)}:${rest}`
}
