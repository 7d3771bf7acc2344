/** Pure: what counts as a word, as SQLite's unicode61 tokenizer without accents sees it (fts5.html §4.3.1). */

const MOST_WORD_CHARACTERS = 40

/** Lower case, without accents, letters and digits only, in order; what is far too long for a word is cut. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return (plain.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []).map((word) => word.slice(0, MOST_WORD_CHARACTERS))
}
