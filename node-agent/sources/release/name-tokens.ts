/** Cuts the name of a release into words, once from left to right. Pure. */

export type NameToken = {
  /** Lower case, without apostrophes. */
  text: string
  /** As it is written. */
  raw: string
  start: number
  end: number
  /** The bracket it stands in: `(`, `[`, `{`, or nothing. */
  bracket: '' | '(' | '[' | '{'
}

const SEPARATORS = new Set([...' \t\r\n._-()[]{},;|/\\~"=*!?:&«»【】「」（）'].map((sign) => sign.charCodeAt(0)))
const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

const isDigit = (code: number) => code >= 48 && code <= 57
const isLetter = (code: number) => (code | 32) >= 97 && (code | 32) <= 122

/** `5.1` and its like stay one word, cut off from what they are said of: `DDP5.1` is `ddp` and `5.1`. */
export function nameTokens(name: string): NameToken[] {
  const tokens: NameToken[] = []
  let bracket: NameToken['bracket'] = ''
  let start = -1
  const isQuoted = /['’`]/.test(name)
  const push = (from: number, end: number) => {
    const raw = name.slice(from, end)
    const lower = raw.toLowerCase()
    const text = isQuoted ? lower.replace(/['’`]/g, '') : lower
    if (text !== '') tokens.push({ text, raw, start: from, end, bracket })
  }
  for (let at = 0; at <= name.length; at++) {
    const code = at === name.length ? 32 : name.charCodeAt(at)
    if (!SEPARATORS.has(code)) {
      if (start < 0) start = at
      continue
    }
    if (code === 46 && start >= 0 && isChannels(name, at)) {
      if (at - 1 > start) push(start, at - 1)
      let end = at + 2
      while (end < name.length && !SEPARATORS.has(name.charCodeAt(end))) end++
      push(at - 1, end)
      at = end - 1
      start = -1
      continue
    }
    if (start >= 0) push(start, at)
    start = -1
    const sign = name[at] ?? ''
    if (sign === '(' || sign === '[' || sign === '{') bracket = sign
    else if (closing[sign] === bracket) bracket = ''
  }
  return tokens
}

/** Is the dot at this place that of `5.1`, `7.1`, `2.0`? A digit to its left alone, `0`, `1` or `2` to its right. */
function isChannels(name: string, dot: number): boolean {
  const left = name.charCodeAt(dot - 1)
  const right = name.charCodeAt(dot + 1)
  if (!(left >= 49 && left <= 57 && right >= 48 && right <= 50) || isDigit(name.charCodeAt(dot - 2))) return false
  const next = name.charCodeAt(dot + 2)
  // `5.1ch` and `2.0x2` are said; `E5.1a` is not.
  if (isDigit(next) || (isLetter(next) && (next | 32) !== 99 && (next | 32) !== 120)) return false
  const last = name.charCodeAt(dot + 3)
  return !(next === 46 && last >= 48 && last <= 50 && !isDigit(name.charCodeAt(dot + 4)))
}
