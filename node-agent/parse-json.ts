/** JSON from outside, before a schema judges it. */

/** Undefined when the text is not JSON (`undefined` itself is not JSON, so the two cannot be confused). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
