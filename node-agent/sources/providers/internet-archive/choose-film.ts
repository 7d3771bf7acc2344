/** Pure: which file of an archive item is the film, in the form that plays best. */
import * as z from 'zod'
import { firstNumber, firstSeconds, firstText } from './fields.ts'

const File = z.object({
  name: z.string().min(1).max(900),
  format: firstText,
  size: firstNumber,
  length: firstSeconds,
  height: firstNumber,
})
type File = z.infer<typeof File>
const noFile: File = { name: '\0', format: undefined, size: undefined, length: undefined, height: undefined }

/** `GET /metadata/{identifier}`; an unknown one is answered with `{}`. */
export const Item = z.object({ files: z.array(File.catch(noFile)).max(50_000).default([]) })
export type Item = z.infer<typeof Item>

export type ChosenFilm = {
  name: string
  torrentName: string
  format: string
  sizeBytes: number
  heightPixels: number | undefined
}

/** What browsers open comes first, then what has to be made anew for them. */
const formats: readonly [pattern: RegExp, name: string][] = [
  [/^h\.264( hd| ia)?$/i, 'H.264'],
  [/^(mpeg4|hires mpeg4)$/i, 'MPEG-4'],
  [/^512kb mpeg4$/i, 'MPEG-4'],
  [/^(matroska|webm)$/i, 'Matroska'],
  [/^ogg video$/i, 'Theora'],
  [/^(mpeg2|divx|cinepack|quicktime|windows media)$/i, ''],
]
const rankOf = ({ format }: File) => formats.findIndex(([pattern]) => pattern.test(format ?? ''))

/** A file a fifth longer or shorter is a part, a trailer, or another film. */
const LENGTH_TOLERANCE = 0.2

/** Undefined when the item has no film of this length, or no torrent. */
export function chooseFilm({ files }: Item, runtimeMinutes: number | undefined): ChosenFilm | undefined {
  const torrent = files.find(({ format, name }) => /^archive bittorrent$/i.test(format ?? '') && isName(name))
  const films = files
    .filter((file) => rankOf(file) >= 0 && isName(file.name) && isLong(file, runtimeMinutes))
    .sort((a, b) => rankOf(a) - rankOf(b) || (b.height ?? 0) - (a.height ?? 0) || (b.size ?? 0) - (a.size ?? 0))
  const [film] = films
  if (!torrent || !film) return undefined
  return {
    name: film.name,
    torrentName: torrent.name,
    format: formats[rankOf(film)]?.[1] ?? '',
    sizeBytes: Math.trunc(film.size ?? 0),
    heightPixels: film.height,
  }
}

/** A path within the item, that leads nowhere else. */
const isName = (name: string) =>
  !name.includes('\\') && !name.includes('\0') && name.split('/').every((part) => part !== '' && !/^\.+$/.test(part))

function isLong({ length }: File, runtimeMinutes: number | undefined): boolean {
  if (length === undefined || runtimeMinutes === undefined) return true
  return Math.abs(length / 60 - runtimeMinutes) <= runtimeMinutes * LENGTH_TOLERANCE
}
