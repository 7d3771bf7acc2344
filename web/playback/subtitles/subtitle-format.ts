/** Pure: what kind of subtitles a person's file holds, by its content first and its name second. */

export type UploadFormat = 'srt' | 'vtt' | 'ass'

/** `head` is the file's first kilobytes as text, whatever its character set: marks of a format are plain ASCII. */
export function subtitleFormat(name: string, head: string): UploadFormat | undefined {
  const text = head
    .replace(/^\uFEFF/, '')
    .replaceAll('\0', '')
    .trimStart()
  if (/^WEBVTT(\s|$)/.test(text)) return 'vtt'
  if (/^\s*\[(script info|v4\+? styles)\]/im.test(text)) return 'ass'
  if (/\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->/.test(text)) return 'srt'
  const extension = /\.(srt|vtt|ass|ssa)$/i.exec(name)?.[1]?.toLowerCase()
  if (extension === 'ssa') return 'ass'
  return extension === 'srt' || extension === 'vtt' || extension === 'ass' ? extension : undefined
}

/** `film.de.srt` is German by its name; undefined when the name does not say. */
export function languageInName(name: string): string | undefined {
  const tag = /[._ -]([a-z]{2,3}(?:-[A-Za-z]{2,4})?)(?:[._ -](?:forced|sdh|cc|hi))?\.[a-z]{3}$/i.exec(name)?.[1]
  if (tag === undefined) return undefined
  try {
    const [known] = Intl.getCanonicalLocales(tag)
    const named = known && new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(known)
    return named ? known : undefined
  } catch {
    return undefined
  }
}
