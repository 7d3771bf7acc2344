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
  const push = (from: number, end: number) => {
    const raw = name.slice(from, end)
    const lower = raw.toLowerCase()
    const text = /['’`]/.test(lower) ? lower.replace(/['’`]/g, '') : lower
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
  const [beyond, left, right, next, last] = [-2, -1, 1, 2, 3].map((step) => name.charCodeAt(dot + step) || 32)
  if (left === undefined || left < 49 || left > 57 || right === undefined || right < 48 || right > 50) return false
  if (beyond !== undefined && isDigit(beyond)) return false
  // `5.1ch` and `2.0x2` are said; `E5.1a` is not.
  if (next !== undefined && (isDigit(next) || (isLetter(next) && !'cCxX'.includes(String.fromCharCode(next)))))
    return false
  return !(next === 46 && last !== undefined && last >= 48 && last <= 50 && !isDigit(name.charCodeAt(dot + 4)))
}
