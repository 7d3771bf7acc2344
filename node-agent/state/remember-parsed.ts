/** What a stored text parsed to: every request of a player reads the same few rows again. */

/** Texts remembered; the one added first goes. */
const MOST_TEXTS = 64

/** The same text gives the same object again: whoever gets it must not change it. */
export function rememberParsed<T>(parse: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const parsed = parse(text)
    known.set(text, parsed)
    const [oldest] = known.keys()
    if (known.size > MOST_TEXTS && oldest !== undefined) known.delete(oldest)
    return parsed
  }
}
