/** Subtitles that people added to a film: kept in the agent's state as UTF-8, a bounded number of bounded size. */
import { createHash } from 'node:crypto'
import type { AddedSubtitleFormat, AddSubtitleRequest } from '#protocol/agent-requests.ts'
import { decodeBase64Url } from '#protocol/base64url.ts'
import { AppError } from '#protocol/errors.ts'
import type { SubtitleTrack } from '#protocol/tracks.ts'
import type { AddedSubtitleState } from '../../state/added-subtitle-state.ts'
import type { FileIdentity } from '../film.ts'
import { formatNames, formatOfText, kindOfFormat } from './added-track.ts'
import { decodeText } from './decode-text.ts'

export type AddedSubtitles = {
  /**
   * Keeps it; the same file again is the same track. Throws `invalid` for what is not base64url, `not_found` for a
   * film that was never opened here, `not_playable` when there is no cue in it.
   */
  add(request: AddSubtitleRequest): SubtitleTrack
  list(film: FileIdentity): SubtitleTrack[]
  /** The text of one; undefined when there is none of the number. */
  read(film: FileIdentity, number: number): { format: AddedSubtitleFormat; text: string } | undefined
}

export function createAddedSubtitles(
  state: AddedSubtitleState,
  isKnown: (film: FileIdentity) => boolean,
): AddedSubtitles {
  return {
    add({ sourceId, path, name, language, file }) {
      const film = { sourceId, path }
      if (!isKnown(film)) throw new AppError('not_found', 'This home does not know the film any more. Start it again.')
      const bytes = decodeBase64Url(file)
      if (!bytes) throw new AppError('invalid', 'The subtitle file did not arrive whole. Please send it again.')
      const text = decodeText(bytes, language)
      const format = formatOfText(text)
      if (!format) {
        throw new AppError('not_playable', 'There are no subtitles in this file. Choose an SRT, WebVTT or ASS file.')
      }
      const digest = createHash('sha256').update(text).digest('base64url')
      const number = state.save(film, { name, language: languageTag(language), format, digest, text })
      const track = this.list(film).find(({ id }) => id === `u${number}`)
      if (!track) throw new AppError('conflict', 'The film was forgotten in the meantime. Start it again.')
      return track
    },
    list: (film) =>
      state.list(film).map(({ number, name, language, format }) => ({
        id: `u${number}`,
        kind: kindOfFormat(format),
        format: formatNames[format],
        ...(language === undefined ? {} : { language }),
        name,
      })),
    read: (film, number) => state.read(film, number),
  }
}

/** BCP 47 in its usual spelling; undefined for what is none. */
export function languageTag(language: string | undefined): string | undefined {
  try {
    const [tag] = Intl.getCanonicalLocales(language ?? [])
    return tag === 'und' || (tag?.length ?? 99) > 35 ? undefined : tag
  } catch {
    return undefined
  }
}
