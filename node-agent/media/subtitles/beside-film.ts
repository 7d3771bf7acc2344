/** Which files of a torrent are subtitles of a film in it, and what their names say. Pure. */
import type { SubtitleTrack } from '#protocol/tracks.ts'
import { contentTypeOf } from '../content-type.ts'
import { kindOfFormat } from './added-track.ts'
import { MOST_FILE_BYTES } from './decode-text.ts'
import { languageOfWord } from './language-words.ts'

type NamedFile = { index: number; path: string; sizeBytes: number }
export type BesideFile<File> = { track: SubtitleTrack; file: File }

const MOST_BESIDE = 60
const formats = { srt: 'srt', vtt: 'vtt', ass: 'ass', ssa: 'ass' } as const
const named = { srt: 'subrip', vtt: 'webvtt', ass: 'ass', ssa: 'ssa' } as const

/** `Film.de.srt` beside `Film.mkv`, `Subs/German.srt`, `Subs/Film/2_English.srt`: in the torrent's own order. */
export function besideFilm<File extends NamedFile>(files: readonly File[], filmPath: string): BesideFile<File>[] {
  const isOnlyFilm = files.filter(({ path }) => isVideo(path) && !/\bsample\b/i.test(path)).length < 2
  const film = split(filmPath)
  return files
    .flatMap((file) => {
      const { folder, base, extension } = split(file.path)
      const format = isKnown(extension) ? extension : undefined
      if (!format || file.sizeBytes === 0 || file.sizeBytes > MOST_FILE_BYTES) return []
      const isBeside = folder === film.folder || folder.startsWith(film.folder === '' ? '' : `${film.folder}/`)
      const isNamed = isBeside && startsWithName(base, film.base)
      const isInNamedFolder = isBeside && folder.split('/').at(-1)?.toLowerCase() === film.base.toLowerCase()
      if (!isNamed && !isInNamedFolder && !(isOnlyFilm && isBeside)) return []
      const rest = isNamed ? base.slice(film.base.length) : base
      return [{ file, track: trackOf(file, format, rest, base) }]
    })
    .slice(0, MOST_BESIDE)
}

const isKnown = (extension: string): extension is keyof typeof formats => Object.hasOwn(formats, extension)
const isVideo = (path: string) => contentTypeOf(path) !== 'application/octet-stream'

/** `Film 2.srt` is not of `Film`: what follows the name must begin a new word that is no number of a part. */
const startsWithName = (base: string, film: string) =>
  base.toLowerCase().startsWith(film.toLowerCase()) && /^($|[._\-\s[(](?!\d+$))/.test(base.slice(film.length))

function split(path: string): { folder: string; base: string; extension: string } {
  const at = path.lastIndexOf('/')
  const [, base = '', extension = ''] = /^(.*?)(?:\.([A-Za-z0-9]{1,5}))?$/.exec(path.slice(at + 1)) ?? []
  return { folder: path.slice(0, Math.max(0, at)), base, extension: extension.toLowerCase() }
}

function trackOf({ index }: NamedFile, format: keyof typeof formats, rest: string, base: string): SubtitleTrack {
  const words = rest
    .toLowerCase()
    .split(/[._\s()[\]+,]+|-(?![a-z]{2,4}\b)/)
    .filter(Boolean)
  const language = words.map(languageOfWord).findLast((tag) => tag !== undefined)
  const has = (...some: string[]) => some.some((word) => words.includes(word))
  // `hi` is Hindi, unless another word has said the language.
  const isForHardOfHearing =
    has('sdh', 'cc', 'hoh') || (has('hi') && words.some((word) => word !== 'hi' && languageOfWord(word)))
  const spoken =
    isForHardOfHearing && language === 'hi'
      ? words
          .filter((word) => word !== 'hi')
          .map(languageOfWord)
          .findLast(Boolean)
      : language
  return {
    id: `f${index}`,
    kind: kindOfFormat(formats[format]),
    format: named[format],
    ...(spoken ? { language: spoken } : {}),
    name: base.slice(0, 200),
    ...(has('forced') ? { isForced: true } : {}),
    ...(isForHardOfHearing ? { isForHardOfHearing: true } : {}),
    ...(has('default') ? { isDefault: true } : {}),
  }
}
