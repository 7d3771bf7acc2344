/** What a content provider is: one file in providers/, one line in sources.ts. */
import type { Offer } from '#protocol/source.ts'

export type Source = {
  /** Lower case; its settings come as `SOURCE_<ID>_…`. */
  id: string
  /** For people. */
  label: string
  /**
   * Takes its settings (`{ name: text }`, names in lower case) and answers with what lists its offers now, or with
   * undefined when they do not switch it on. Both throw `invalid` with a sentence for the operator that names the
   * setting which is wrong.
   */
  enable(settings: Readonly<Record<string, string>>): ((signal: AbortSignal) => Promise<Offer[]>) | undefined
}
