/** Text with SRT's or WebVTT's own markup → WebVTT cue text: only tags that are known to be harmless, all closed. Pure. */
import { MOST_CUE_CHARACTERS } from './cue.ts'

const kept = new Set(['i', 'b', 'u'])
const entity = /^&(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/i

/** Text as a browser shows it, character by character (WebVTT §6.4). */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/**
 * Keeps `<i> <b> <u>` and entities, drops every other tag, escapes what is left. Empty lines would end the cue, so there
 * are none. `braces`: as in SubRip, where old tools write `{i}`, and ASS overrides (`{\\an8}`) are found.
 */
export function toCueText(markup: string, braces: 'mean-tags' | 'are-text' = 'mean-tags'): string {
  const text = markup.slice(0, MOST_CUE_CHARACTERS).replaceAll('\0', '')
  const open: string[] = []
  let written = ''
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at, at + 300)
    const [whole = '', slash, name = ''] = /^[<{](\/?)([a-z]{1,12})(?:[^a-z<>{}][^<>{}]{0,250})?[>}]/i.exec(rest) ?? []
    const [known = ''] = entity.exec(rest) ?? []
    const [override = ''] = braces === 'mean-tags' ? (/^\{\\[^{}]{0,250}\}/.exec(rest) ?? []) : []
    const [stamp = ''] = /^<[\d:.]{1,20}>/.exec(rest) ?? []
    if (override || stamp) at += override.length || stamp.length
    else if (whole && (whole.startsWith('<') || (braces === 'mean-tags' && kept.has(name.toLowerCase())))) {
      written += slash ? closeTag(open, name.toLowerCase()) : openTag(open, name.toLowerCase())
      at += whole.length
    } else if (known) {
      written += known
      at += known.length
    } else {
      written += escapeText(text[at] ?? '')
      at++
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

export function openTag(open: string[], name: string): string {
  if (!kept.has(name) || open.includes(name)) return ''
  open.push(name)
  return `<${name}>`
}

/** Closes what was opened inside it as well, and opens that again: tags of WebVTT nest. */
export function closeTag(open: string[], name: string): string {
  const at = open.lastIndexOf(name)
  if (at < 0) return ''
  const inner = open.splice(at).slice(1)
  open.push(...inner)
  const closing = [...inner].reverse().map((one) => `</${one}>`)
  return `${closing.join('')}</${name}>${inner.map((one) => `<${one}>`).join('')}`
}

export const withoutEmptyLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
    .join('\n')

/** True when nothing would be seen. */
export const isBlank = (cueText: string): boolean => cueText.replaceAll(/<\/?[ibu]>/g, '').trim() === ''
