/** Provider `folders`: the operator's own films on this machine, served as they are, by no torrent. */
import { basename, delimiter, isAbsolute } from 'node:path'
import * as z from 'zod'
import type { TitleWish } from '#protocol/source-search.ts'
import type { LocalFilmRow, LocalFilmState } from '../../state/local-film-state.ts'
import { scanFolders } from '../folders/scan-folders.ts'
import { watchFolders } from '../folders/watch-folders.ts'
import { textOption } from '../options.ts'
import { type Found, provider } from '../provider.ts'
import { plainTitle } from '../same-title.ts'

/** `SOURCE_FOLDERS_PATHS`: absolute paths, separated as in PATH. */
export const folders = provider({
  id: 'folders',
  label: 'Films in folders',
  about: 'Finds your own films in folders of the agent’s machine.',
  isOnByDefault: false,
  asksForLawfulUse: false,
  isSetAtHomeOnly: true,
  requestsPerSecond: { background: 1, awaited: 1 },
  timeoutSeconds: 10,
  priority: 200,
  options: z.strictObject({
    paths: textOption({
      title: 'Folders',
      description: `Absolute paths on the agent’s machine, separated by "${delimiter}".`,
    })
      .transform((text) => text.split(delimiter).filter(Boolean))
      .pipe(
        z
          .array(z.string().refine(isAbsolute, { error: 'must be absolute paths' }))
          .min(1)
          .max(50),
      ),
  }),
  origins: () => [],
  work: ({ paths }, { localFilms, log, now }) => ({
    search: async (wish) => filmsOf(wish, localFilms).map(asFound),
    run: (signal) =>
      watchFolders(
        paths,
        async () => {
          try {
            const begunAt = now()
            const scan = await scanFolders(paths, localFilms, { signal, thisYear: new Date(now()).getUTCFullYear() })
            const { films: count, unreadable } = scan
            if (unreadable > 0) log.warn('folders_unreadable', { provider: folders.id, count: unreadable })
            log.info('folders_scanned', { provider: folders.id, count, milliseconds: Math.round(now() - begunAt) })
          } catch (error) {
            if (!signal.aborted) log.error('folders_not_scanned', error, { provider: folders.id })
          }
        },
        signal,
      ),
  }),
})

/** An IMDb id in the name decides; without one it is the name and the year. */
export function filmsOf(wish: TitleWish, state: LocalFilmState): LocalFilmRow[] {
  const byId = wish.imdbId === undefined ? [] : state.withImdbId(wish.imdbId)
  const names = new Set([wish.name, ...wish.otherNames].map(plainTitle).filter(Boolean))
  const byName = [...names].flatMap((name) => state.withTitle(name))
  const isOther = (film: LocalFilmRow) =>
    (wish.imdbId !== undefined && film.imdbId !== null && film.imdbId !== wish.imdbId) ||
    (wish.year !== undefined && film.year !== null && Math.abs(film.year - wish.year) > 1)
  const all = [...byId, ...byName.filter((film) => !isOther(film))]
  return [...new Map(all.map((film) => [film.path, film])).values()].filter((film) => isWanted(film, wish))
}

function isWanted({ season, episode }: LocalFilmRow, wish: TitleWish): boolean {
  if (wish.kind === 'movie') return episode === null
  return episode === wish.episode?.episode && (season ?? 1) === (wish.episode?.season ?? 1)
}

const asFound = ({ infoHash, path, sizeBytes }: LocalFilmRow): Found => ({
  source: { infoHash },
  name: basename(path).slice(0, 300),
  file: { path: basename(path) },
  sizeBytes,
  isOnThisAgentOnly: true,
})
