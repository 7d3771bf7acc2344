/** What the subtitle routes of a stream take and answer. */
import * as z from 'zod'
import { ADDED_SUBTITLE_CHARACTERS, AddedSubtitleFormat } from '#protocol/agent-requests.ts'
import { Base64Url } from '#protocol/base64url.ts'
import { LanguageTag } from '../../library/answers.ts'

const name = z.string().trim().min(1).max(200)

/** `file` is the subtitle file as it is, base64url, in whatever character set it has. */
export const UploadedSubtitle = z.strictObject({
  name,
  language: LanguageTag.optional(),
  format: AddedSubtitleFormat,
  file: Base64Url.min(1).max(ADDED_SUBTITLE_CHARACTERS),
})
export type UploadedSubtitle = z.infer<typeof UploadedSubtitle>

export const SubtitleQuery = z.strictObject({ language: LanguageTag })

/** A file that a search found; `fileId` is the upstream's. */
export const FoundSubtitle = z.object({
  fileId: z.int(),
  name: z.string(),
  language: z.string(),
  downloads: z.int(),
  isForHardOfHearing: z.boolean(),
  /** Translated by a machine. */
  isMachineMade: z.boolean(),
})
export type FoundSubtitle = z.infer<typeof FoundSubtitle>

export const FoundSubtitles = z.object({ results: z.array(FoundSubtitle) })

export const ChosenSubtitle = z.strictObject({ fileId: z.int().positive(), name, language: LanguageTag.optional() })
export type ChosenSubtitle = z.infer<typeof ChosenSubtitle>
