/** Keeps what titles are found by: their other names, who is in them, and each word of it once. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../db.ts'
import { searchWords } from './schema.ts'
import { wordsOf } from './words.ts'

/** Names and people beyond the title's own name, which a trigger keeps. */
export type SearchText = { titleId: string; name: string; alternatives: string; people: string }

const MOST_CHARACTERS = 1500

export const searchTextOf = (titleId: string, name: string, others: readonly string[], people: readonly string[]) => ({
  titleId,
  name,
  alternatives: [...new Set(others)]
    .filter((other) => other !== name)
    .join('\n')
    .slice(0, MOST_CHARACTERS),
  people: [...new Set(people)].join('\n').slice(0, MOST_CHARACTERS),
})

/** Words shorter than this are never misspelt past finding. */
const SHORTEST_WORD = 4

const alter = `update title_search set alternatives = it.value ->> '$.alternatives', people = it.value ->> '$.people'
  from json_each(?1) as it where title_id = it.value ->> '$.titleId'
    and (alternatives, people) is not (it.value ->> '$.alternatives', it.value ->> '$.people')`
const learn = 'insert or ignore into search_words (word) select value from json_each(?1)'

/** Of titles whose rows are there; in the same batch as what wrote them. */
export function indexSearch(database: D1Database, texts: readonly SearchText[]): D1PreparedStatement[] {
  const learnt = learnable(texts.map(({ name, alternatives, people }) => `${name} ${alternatives} ${people}`))
  return [database.prepare(alter).bind(JSON.stringify(texts)), database.prepare(learn).bind(JSON.stringify(learnt))]
}

/** Only the words: for titles that others write, in the batch that writes them. */
export const learnWordsOf = (db: Db, rows: readonly { name: string }[]) => {
  const words = JSON.stringify(learnable(rows.map(({ name }) => name)))
  return db
    .insert(searchWords)
    .select(sql`select null, value from json_each(${words}) where true`)
    .onConflictDoNothing()
}

const learnable = (texts: readonly string[]): string[] =>
  [...new Set(texts.flatMap(wordsOf))].filter((word) => word.length >= SHORTEST_WORD && !/^\d+$/.test(word))
