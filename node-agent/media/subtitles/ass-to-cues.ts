/** Styled events → plain cues for a browser without a renderer: italics, bold, place; no drawings. Pure. */
import { alignmentIn, settingsOfAlignment, settingsOfPosition } from './alignment.ts'
import { type Cue, MOST_CUE_CHARACTERS } from './cue.ts'
import { closeTag, escapeText, isBlank, openTag, withoutEmptyLines } from './cue-text.ts'
import { type AssEvent, splitFields } from './read-ass.ts'

type Style = { isItalic: boolean; isBold: boolean; alignment: number | undefined }
/** What of a head a plain cue can keep. */
export type AssLook = { styles: ReadonlyMap<string, Style>; width: number; height: number }

/** Screen of a script that names none (as libass assumes). */
const SCREEN = { width: 384, height: 288 }
const MOST_STYLES = 1000

export function readLook(head: string): AssLook {
  const styles = new Map<string, Style>()
  let names: string[] = []
  for (const line of head.split('\n')) {
    const [, kind, text = ''] = /^(Format|Style):(.{0,2000})/.exec(line) ?? []
    if (kind === 'Format' && /fontname/i.test(text)) names = text.split(',').map((name) => name.trim().toLowerCase())
    if (kind !== 'Style' || names.length === 0 || styles.size >= MOST_STYLES) continue
    const fields = splitFields(text, names)
    const isOn = (name: string) => /^-?[1-9]/.test(fields.get(name) ?? '0')
    styles.set((fields.get('name') ?? '').replace(/^\*/, ''), {
      isItalic: isOn('italic'),
      isBold: isOn('bold'),
      alignment: Number(fields.get('alignment')) || undefined,
    })
  }
  const size = (name: string, otherwise: number) =>
    Number(new RegExp(`^${name}:\\s*(\\d{1,5})`, 'm').exec(head)?.[1]) || otherwise
  return { styles, width: size('PlayResX', SCREEN.width), height: size('PlayResY', SCREEN.height) }
}

/** In their order; events that show nothing but drawings are left out. */
export const assToCues = (events: readonly AssEvent[], look: AssLook): Cue[] =>
  events.flatMap((event) => {
    const text = plainText(event.text, look.styles.get(event.style.replace(/^\*/, '')))
    if (isBlank(text)) return []
    const { startSeconds, endSeconds } = event
    return [{ startSeconds, endSeconds, text, settings: settingsOf(event, look) }]
  })

function settingsOf({ text, style }: AssEvent, look: AssLook): string {
  const [, x, y] = /\\pos\(\s*(-?[\d.]{1,10})\s*,\s*(-?[\d.]{1,10})\s*\)/.exec(text) ?? []
  const placed = x && y ? settingsOfPosition(Number(x), Number(y), look.width, look.height) : undefined
  return placed ?? settingsOfAlignment(alignmentIn(text) ?? look.styles.get(style)?.alignment)
}

function plainText(script: string, style: Style | undefined): string {
  const open: string[] = []
  let written = ''
  if (style?.isItalic) written += openTag(open, 'i')
  if (style?.isBold) written += openTag(open, 'b')
  let isDrawing = false
  // No brace inside braces: a line of opening ones would be searched to its end from each of them.
  for (const part of script.slice(0, MOST_CUE_CHARACTERS).split(/(\{[^{}]*\})/)) {
    if (!part.startsWith('{') || !part.endsWith('}')) {
      if (!isDrawing) written += escapeText(spoken(part))
      continue
    }
    for (const [, tag = '', value = ''] of part.matchAll(/\\(i|b|u|p)(-?\d{1,4})(?![\d.])/g)) {
      if (tag === 'p') isDrawing = Number(value) > 0
      else written += Number(value) === 0 ? closeTag(open, tag) : openTag(open, tag)
    }
  }
  return withoutEmptyLines(
    written +
      open
        .reverse()
        .map((name) => `</${name}>`)
        .join(''),
  )
}

const spoken = (text: string) =>
  text
    .replaceAll(/\\[Nn]/g, '\n')
    .replaceAll('\\h', '\u00A0')
    .replaceAll('\0', '')
