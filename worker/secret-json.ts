/** Settings that are JSON with secrets in them: read without ever quoting what they hold. */

/** Throws naming the setting alone: the error of `JSON.parse` quotes the text around what it stumbled over. */
export function secretJson(setting: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError(`${setting} is not JSON`)
  }
}
