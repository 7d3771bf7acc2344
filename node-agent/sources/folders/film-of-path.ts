/** Pure: what the path of a file says of the film in it. */
import { createHash } from 'node:crypto'
import type { LocalFilm } from '../../state/local-film-row.ts'
import { parseRelease } from '../release/parse-release.ts'
import { plainTitle } from '../same-title.ts'

const films = /\.(mp4|m4v|mkv|webm|avi|mov|wmv|mpg|mpeg|ts|m2ts|ogv|flv)$/i
/** What stands beside a film and is none: samples, trailers, and what media servers call extras. */
const besides =
  /(^|[\s._\-[(])(sample|trailer)s?([\s._\-\])]|$)|-(behindthescenes|deleted|featurette|interview|scene|short|trailer|other)$/i
const extraFolders =
  /^(samples?|trailers?|extras?|featurettes?|behind the scenes|deleted scenes|interviews?|scenes|shorts|other|\..*|@eadir|#recycle|lost\+found)$/i

export const isFilmName = (name: string): boolean =>
  films.test(name) && !name.startsWith('.') && !besides.test(name.replace(films, ''))
export const isFilmFolder = (name: string): boolean => !extraFolders.test(name)

/** The last part of a path is the file, whose folder speaks where the file says nothing: `Film (2001)/video.mkv`. */
export function filmOfPath(
  parts: readonly string[],
  { path, sizeBytes, modifiedMs }: { path: string; sizeBytes: number; modifiedMs: number },
  thisYear: number,
): LocalFilm {
  const name = parts.at(-1) ?? ''
  const folder = parts.at(-2) ?? ''
  const ofFile = parseRelease(withoutIds(name), thisYear)
  const ofFolder = parseRelease(withoutIds(folder), thisYear)
  const isEpisode = ofFile.episodes !== undefined
  // `Show/Season 1/Show S01E02.mkv` names itself; `Show/Season 1/S01E02.mkv` is named by what is above.
  const above =
    isEpisode && (ofFolder.seasons !== undefined || plainTitle(ofFolder.title) === '') ? parts.at(-3) : folder
  const ofAbove = above === undefined ? ofFolder : parseRelease(withoutIds(above), thisYear)
  const isNamedByFolder =
    plainTitle(ofFile.title) === '' || (!isEpisode && ofFile.year === undefined && ofFolder.year !== undefined)
  const named = isNamedByFolder ? ofAbove : ofFile
  return {
    ...{ path, name: parts.join('/'), sizeBytes, modifiedMs },
    infoHash: createHash('sha1').update(`porchlight local film\n${path}\n${sizeBytes}\n${modifiedMs}`).digest('hex'),
    title: plainTitle(named.title),
    year: named.year ?? null,
    season: ofFile.seasons?.from ?? null,
    episode: ofFile.episodes?.from ?? null,
    imdbId: imdbIdOf(name) ?? imdbIdOf(folder) ?? null,
  }
}

/** `[imdbid-tt0063350]`, `{imdb-tt0063350}`, `(tt0063350)`, as media servers write it. */
const imdbIdOf = (text: string) => /(?:^|[^a-z0-9])(tt\d{6,12})(?![0-9])/i.exec(text)?.[1]?.toLowerCase()
const withoutIds = (text: string) =>
  text.replace(/[[{(](?:imdb(?:id)?|tmdb(?:id)?|tvdb(?:id)?)?[-=]?(?:tt)?\d{2,12}[\]})]/gi, (match) =>
    /^[[{(]\d{4}[\]})]$/.test(match) ? match : ' ',
  )
