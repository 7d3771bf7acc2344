/** Which file of a torrent is the film, or the episode that is meant. Pure. */
import { AppError } from '#protocol/errors.ts'
import type { FileHint } from '#protocol/source.ts'
import { filesOfEpisode } from './picking/find-episode.ts'
import { archivedBytes, whyNoFilm } from './picking/why-no-film.ts'

/** Containers that a film comes in. */
const filmExtensions = new Set('mp4 m4v mov mkv webm avi ts m2ts mts mpg mpeg ogv ogm wmv flv 3gp vob divx'.split(' '))

/** Words that name what lies beside a film: judged on folders below the top one and on the file's own name. */
const beside =
  /(^|[^a-z])(sample|trailers?|teasers?|extras?|featurettes?|bonus|interviews?|deleted[ ._-]scenes?|behind[ ._-]the[ ._-]scenes|making[ ._-]of|proof|nc(?:op|ed)\d*|creditless)([^a-z]|$)/i

type File = { path: string; sizeBytes: number; isPadding: boolean }

/**
 * The file of the hint's path when there is one; else, of the files that hold the hint's episode, or of all with a
 * film's extension, the largest that is not a sample or an extra. Throws `no_playable_file` and says why when there is
 * none: only archives, only programs, another episode.
 */
export function pickFile<F extends File>(files: readonly F[], { path, episode }: FileHint): F {
  const there = files.filter((file) => !file.isPadding && file.sizeBytes > 0)
  if (path !== undefined) {
    const hinted = there.find((file) => file.path === path)
    if (!hinted) throw refusal('The file is not in this torrent any more. Choose another source.')
    return hinted
  }
  const films = there.filter((file) => filmExtensions.has(extensionOf(file.path)))
  const hasOnlySamples = films.every((file) => isBeside(file.path)) && archivedBytes(there) > sumOf(films)
  if (films.length === 0 || hasOnlySamples) throw refusal(whyNoFilm(there))
  const film = episode === undefined ? filmOf(films) : filmOf(episodeOf(films, episode))
  if (!film) throw refusal('The episode is not in this torrent. Choose another source.')
  return film
}

/** Lower case, without the dot; empty when there is none. */
export const extensionOf = (path: string): string => /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''

const refusal = (reason: string) => new AppError('no_playable_file', reason)

/** An episode may be called "The Interview", and a show "Extras": only something far too small is taken for a sample. */
function episodeOf<F extends File>(films: readonly F[], episode: NonNullable<FileHint['episode']>): F[] {
  const proper = films.filter((file) => !isBeside(file.path))
  const found = filesOfEpisode(proper, episode)
  if (found.length > 0) return found
  const usualBytes = largestOf(proper)?.sizeBytes ?? 0
  return filesOfEpisode(films, episode).filter((file) => file.sizeBytes * 10 >= usualBytes)
}

function filmOf<F extends File>(films: readonly F[]): F | undefined {
  const largest = largestOf(films)
  const best = largestOf(films.filter((file) => !isBeside(file.path)))
  // A film may be called "The Interview": then what is left beside it is far too small to be the film.
  return best && largest && best.sizeBytes * 10 >= largest.sizeBytes ? best : largest
}

function isBeside(path: string): boolean {
  const parts = path.split('/')
  return (parts.length > 1 ? parts.slice(1) : parts).some((part) => beside.test(part))
}

const sumOf = (files: readonly File[]) => files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)

function largestOf<F extends File>(files: readonly F[]): F | undefined {
  return files.reduce<F | undefined>(
    (best, file) => (best && best.sizeBytes >= file.sizeBytes ? best : file),
    undefined,
  )
}
