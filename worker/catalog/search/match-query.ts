/** Pure: what somebody typed, as an expression of FTS5 (fts5.html §3). Only words of letters and digits get into it. */
import { wordsOf } from './words.ts'

const MOST_WORDS = 8

/** The last word may go on; null when nothing was typed that could be looked for. */
export function typedWords(text: string): string[] | null {
  const words = wordsOf(text).slice(0, MOST_WORDS)
  return words.length === 0 ? null : words
}

/**
 * Every word must be there, each in any of its readings; the last is the beginning of one. A single letter or two would
 * be in every title: then names must begin so.
 */
export function matchExpression(readings: readonly (readonly string[])[]): string {
  const last = readings.length - 1
  const [only] = readings.length === 1 ? (readings[0] ?? []) : []
  if (only !== undefined && only.length <= 2) return `{name alternatives} : ^ "${only}" *`
  return readings
    .map((words, at) => words.map((word) => `"${word}"${at === last ? ' *' : ''}`).join(' OR '))
    .map((words) => `(${words})`)
    .join(' AND ')
}

/** Any of a word's trigrams, for `word_fts`; null for a word too short to have two. */
export function trigramExpression(word: string): string | null {
  const letters = [...word]
  if (letters.length < 4) return null
  const trigrams = letters.slice(2).map((_, at) => letters.slice(at, at + 3).join(''))
  return [...new Set(trigrams)].map((three) => `"${three}"`).join(' OR ')
}
