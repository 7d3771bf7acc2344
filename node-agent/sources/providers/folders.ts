/** Provider `folders`: the operator's own films on this machine, served as they are, by no torrent. */
import { basename, delimiter, isAbsolute } from 'node:path'
import * as z from 'zod'
import type { LocalFilmRow } from '../../state/local-film-row.ts'
import { filmsOf } from '../folders/films-of.ts'
import { scanFolders } from '../folders/scan-folders.ts'
import { watchFolders } from '../folders/watch-folders.ts'
import { textOption } from '../options.ts'
import { type Found, provider } from '../provider.ts'

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
    async search(wish) {
      const films = filmsOf(wish, localFilms)
      // The catalog knows it since: it is not among those that nobody knows any more.
      for (const film of films.filter(({ match }) => match === 'unknown')) {
        localFilms.choices.judged(film, { match: 'fits', titleIds: [wish.titleId] })
      }
      return films.map(asFound)
    },
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

export const asFound = ({ infoHash, path, sizeBytes }: LocalFilmRow): Found => ({
  source: { infoHash },
  name: basename(path).slice(0, 300),
  file: { path: basename(path) },
  sizeBytes,
  isOnThisAgentOnly: true,
})
