/** Fonts attached to a film: which of its attachments they are, and what their first bytes say. Pure. */
import type { Attachment } from '../../state/probe.ts'

/** A CJK font with all its weights is some 20 MB. */
const MOST_FONT_BYTES = 32 * 1024 * 1024
const mimeType =
  /^(font\/|application\/(x-)?(font|truetype|opentype)|application\/(x-truetype-font|vnd\.ms-opentype|font-sfnt))/i
const fontName = /\.(ttf|otf|ttc|otc)$/i

/** In the order they are attached: `fonts/0` is the first. */
export const fontsOf = (attachments: readonly Attachment[]): Attachment[] =>
  attachments.filter(
    ({ name, mimeType: type, sizeBytes }) =>
      sizeBytes > 4 &&
      sizeBytes <= MOST_FONT_BYTES &&
      (mimeType.test(type) || (fontName.test(name) && /^(application\/octet-stream)?$/i.test(type))),
  )

/** Undefined for what calls itself a font and is none (ISO/IEC 14496-22 §4.3). */
export function fontType([a = 0, b = 0, c = 0, d = 0]: Uint8Array): string | undefined {
  const tag = String.fromCharCode(a, b, c, d)
  if (tag === 'OTTO') return 'font/otf'
  if (tag === 'ttcf') return 'font/collection'
  return tag === 'true' || tag === '\0\u0001\0\0' ? 'font/ttf' : undefined
}
