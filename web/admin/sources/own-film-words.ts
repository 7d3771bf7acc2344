/** Pure: what became of a film in a box's folders, in words. */
import type { OwnFilm, OwnFilmPage } from '../../sources-api.ts'
import { plural } from '../../ui/time-format.ts'

type Title = OwnFilm['titles'][number]

export const titleWords = ({ name, year }: Pick<Title, 'name' | 'year'>): string =>
  year === null ? name : `${name} (${year})`

const partWords = ({ season = 1, episode }: NonNullable<OwnFilm['episode']>): string =>
  `season ${season}, episode ${episode}`

/** Its name without the folders, and these. */
export function placeWords({ name }: Pick<OwnFilm, 'name'>): { file: string; folder: string | undefined } {
  const at = name.lastIndexOf('/')
  return { file: name.slice(at + 1), folder: at < 0 ? undefined : name.slice(0, at) }
}

/** Why it is what it is; of what nobody knows, as its name was read. */
export function matchWords({
  match,
  title,
  year,
  episode,
  titles,
}: Omit<OwnFilm, 'id' | 'name' | 'fileCount'>): string {
  const all = titles.map(titleWords).join(', ')
  switch (match) {
    case 'waiting':
      return 'Is being looked up.'
    case 'aside':
      return 'You said that it is not a film.'
    case 'chosen':
      if (all === '') return 'You said a title that the catalog no longer has.'
      return `You said: ${all}${episode && titles[0]?.kind === 'show' ? `, ${partWords(episode)}` : ''}.`
    case 'fits':
      return all === '' ? 'Its title is no longer in the catalog.' : `Is ${all}.`
    case 'several':
      return `Its name says no year, and the catalog has ${titles.length === 0 ? 'several' : plural(titles.length, 'title')} of that name${all === '' ? '' : `: ${all}`}.`
    case 'unknown':
      if (title === '') return 'Its name says no title.'
      if (episode) return `No show called “${title}” in the catalog has a ${partWords(episode)}.`
      return `No film called “${title}”${year === undefined ? '' : ` of ${year}`} is in the catalog.`
  }
}

/** All of a box's own films in one line. */
export function countWords({ waiting, matched, unmatched, decided }: OwnFilmPage['counts']): string {
  const all = waiting + matched + unmatched + decided
  if (all === 0) return 'There is no film in its folders.'
  const parts = [
    `${matched} found in the catalog`,
    ...(unmatched > 0 ? [`${unmatched} not`] : []),
    ...(decided > 0 ? [`${decided} decided by you`] : []),
    ...(waiting > 0 ? [`${waiting} being looked up`] : []),
  ]
  return `${plural(all, 'file')}: ${parts.join(', ')}.`
}

/** What it might be called, for a title of its own. */
export function likelyName({ name, title }: Pick<OwnFilm, 'name' | 'title'>): string {
  const words = placeWords({ name })
    .file.replace(/\.[^.]{2,4}$/, '')
    .replace(/[._]+/g, ' ')
  const untilYear = words.replace(/[\s([{]*\b(?:18[7-9]|19\d|20\d)\d\b.*$/, '').trim()
  return untilYear === '' ? title : untilYear
}
