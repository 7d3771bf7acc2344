/** Pure: whether a release is of the title that is looked for, by its name alone. */
import type { TitleWish } from '#protocol/source-search.ts'
import { parseRelease } from './release/parse-release.ts'
import { isSameTitle } from './same-title.ts'

/** `isById`: whoever listed it matched it by an id already, and only the episode is left to ask. */
export function fitsWish(name: string, wish: TitleWish, thisYear: number, isById = false): boolean {
  const { title, year, seasons, episodes, absolute } = parseRelease(name, thisYear)
  // The year in an episode's name is often its season's.
  const isShow = wish.kind === 'episode'
  if (!isById && !isSameTitle(isShow ? { name: title } : { name: title, year }, wish)) return false
  if (!isShow) return seasons === undefined && episodes === undefined
  const { season, episode, absolute: counted } = wish.episode ?? { episode: -1 }
  const holds = (span: { from: number; to: number } | undefined, number: number | undefined) =>
    span !== undefined && number !== undefined && span.from <= number && number <= span.to
  if (holds(absolute, counted)) return true
  if (!holds(seasons, season)) return false
  return episodes === undefined || holds(episodes, episode)
}
