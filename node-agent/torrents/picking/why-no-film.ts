/** Why a torrent has nothing to play, in a sentence for a person. Pure. */

const kinds = [
  {
    pattern: /\.(rar|r\d{2}|s\d{2})$/i,
    reason: 'The film is packed in a RAR archive, which cannot be played while it downloads. Choose another source.',
  },
  {
    pattern: /\.(zip|7z|tar|gz|tgz|bz2|xz|zst|ace|cab|\d{3})$/i,
    reason: 'The film is packed in an archive, which cannot be played while it downloads. Choose another source.',
  },
  {
    pattern: /\.(iso|img|nrg|mdf|bin|cue)$/i,
    reason: 'The film is inside a disc image, which cannot be played. Choose another source.',
  },
  {
    pattern: /\.(exe|msi|scr|bat|cmd|com|pif|lnk|vbs|ps1|jar|apk|dmg|pkg|deb|appimage)$/i,
    reason:
      'There is a program in this torrent instead of a film. Harmful software is spread like this: choose another source.',
  },
] as const

type File = { path: string; sizeBytes: number }

/** The sentence for what most of the torrent's bytes are. */
export function whyNoFilm(files: readonly File[]): string {
  const sizes = kinds.map(({ pattern, reason }) => ({ reason, bytes: bytesOf(files, pattern) }))
  const largest = sizes.reduce((most, one) => (one.bytes > most.bytes ? one : most))
  return largest.bytes > 0 ? largest.reason : 'There is no film in this torrent. Choose another source.'
}

/** How many bytes of the torrent are archives: what is beside them is a sample, not the film. */
export const archivedBytes = (files: readonly File[]): number =>
  bytesOf(files, kinds[0].pattern) + bytesOf(files, kinds[1].pattern)

const bytesOf = (files: readonly File[], pattern: RegExp) =>
  files.filter(({ path }) => pattern.test(path)).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
