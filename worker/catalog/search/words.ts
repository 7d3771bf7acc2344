/** Pure: what counts as a word, as SQLite's unicode61 tokenizer without accents sees it (fts5.html §4.3.1). */

const MOST_WORD_CHARACTERS = 40

/** Lower case, without accents, letters and digits only, in order; what is far too long for a word is cut. */
export function wordsOf(text: string): string[] {
  // Only alphabets whose accents a reader leaves out: in kana and Hangul a mark makes another letter.
  const bare = text.normalize('NFD').replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
  const plain = bare.normalize('NFC').toLowerCase()
  return (plain.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? []).map((word) => word.slice(0, MOST_WORD_CHARACTERS))
}
