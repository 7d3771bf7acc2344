/** Which file of a torrent is the film. Pure. */
import { AppError } from '#protocol/errors.ts'
import type { FileHint } from '#protocol/source.ts'

/** Containers that a film comes in. */
const filmExtensions = new Set('mp4 m4v mov mkv webm avi ts m2ts mts mpg mpeg ogv ogm wmv flv 3gp vob divx'.split(' '))

/** Words that name what lies beside a film: judged on folders below the top one and on the file's own name. */
const beside =
  /(^|[^a-z])(sample|trailers?|extras?|featurettes?|bonus|interviews?|deleted[ ._-]scenes?|behind[ ._-]the[ ._-]scenes|making[ ._-]of|proof)([^a-z]|$)/i

type File = { path: string; sizeBytes: number; isPadding: boolean }

/**
 * The file of the hint's path when there is one; else the largest file with a film's extension that is not a sample or
 * an extra. Throws `no_playable_file` when the torrent has none.
 */
export function pickFile<F extends File>(files: readonly F[], hint: FileHint): F {
  const hinted = files.find((file) => file.path === hint.path && !file.isPadding && file.sizeBytes > 0)
  if (hinted) return hinted
  if (hint.path !== undefined) {
    throw new AppError('no_playable_file', 'The file is not in this torrent any more. Choose another source.')
  }
  const films = files.filter(
    (file) => !file.isPadding && file.sizeBytes > 0 && filmExtensions.has(extensionOf(file.path)),
  )
  const largest = largestOf(films)
  if (!largest) throw new AppError('no_playable_file', 'There is no film in this torrent. Choose another source.')
  const best = largestOf(films.filter((file) => !isBeside(file.path)))
  // A film may be called "The Interview": then what is left beside it is far too small to be the film.
  return best && best.sizeBytes * 10 >= largest.sizeBytes ? best : largest
}

/** Lower case, without the dot; empty when there is none. */
export const extensionOf = (path: string): string => /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''

function isBeside(path: string): boolean {
  const parts = path.split('/')
  return (parts.length > 1 ? parts.slice(1) : parts).some((part) => beside.test(part))
}

function largestOf<F extends File>(files: readonly F[]): F | undefined {
  return files.reduce<F | undefined>(
    (best, file) => (best && best.sizeBytes >= file.sizeBytes ? best : file),
    undefined,
  )
}
