/** What somebody meant who typed a word that no title has: the words that are nearest to it. */
import type { Edge } from '../../edge.ts'
import { editDistance, slipsOf } from './edit-distance.ts'
import { trigramExpression } from './match-query.ts'

const MOST_CANDIDATES = 80
const MOST_READINGS = 4

/** Whether a title has it (the last one: a word that begins so), and what shares the most trigrams with it. */
const isThere = 'select 1 as n from search_words where word >= ?1 and word < ?2 limit 1'
const similar = `select search_words.word from word_fts join search_words on search_words.id = word_fts.rowid
  where word_fts match ?1 order by rank limit ${MOST_CANDIDATES}`
/** A short word with a slip in its middle shares no trigram with the right one: those that begin and end alike. */
const alike = `select word from search_words where word >= ?1 and word < ?2 and length(word) between ?3 and ?4
  limit ${MOST_CANDIDATES}`

/** One reading for a word that is right, several for one that is not; undefined when a word means nothing. */
export async function correctWords({ env: { DB } }: Edge, words: readonly string[]): Promise<string[][] | undefined> {
  const asked = words.map((word, at) => ({ word, isLast: at === words.length - 1, trigrams: trigramExpression(word) }))
  const statements = asked.flatMap(({ word, isLast, trigrams }) => [
    DB.prepare(isThere).bind(word, isLast ? after(word) : `${word}\u0001`),
    DB.prepare(similar).bind(trigrams ?? '"\u0001\u0001\u0001"'),
    DB.prepare(alike).bind(word.slice(0, 1), after(word.slice(0, 1)), word.length - 1, word.length + 1),
  ])
  const results = await DB.batch<{ word: string }>(statements)
  const readings = asked.map(({ word, isLast }, at) => {
    const [there, found, begun] = results.slice(at * 3, at * 3 + 3).map((one) => one.results)
    if (there && there.length > 0) return [word]
    const candidates = [...(found ?? []), ...(begun ?? [])].map((one) => one.word)
    return slipsOf(word) === 0 ? [word] : nearest(word, candidates, isLast)
  })
  return readings.some((list) => list.length === 0) ? undefined : readings
}

/** The end of all words that begin so. */
const after = (prefix: string): string => `${prefix}\u{10ffff}`

/** Pure: those within a slip or two, nearest first; the beginning of a word that is still being typed counts too. */
export function nearest(word: string, candidates: readonly string[], isLast: boolean): string[] {
  const most = slipsOf(word)
  const distances = new Map<string, number>()
  for (const candidate of new Set(candidates)) {
    const whole = editDistance(word, candidate, most)
    const begun = isLast ? editDistance(word, candidate.slice(0, word.length), most) : whole
    const distance = Math.min(whole, begun)
    if (distance <= most) distances.set(candidate, distance)
  }
  return [...distances]
    .toSorted((a, b) => a[1] - b[1])
    .slice(0, MOST_READINGS)
    .map(([candidate]) => candidate)
}
