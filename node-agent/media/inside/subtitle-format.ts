/** What Matroska calls subtitle codecs, and what can be made of them. Pure. */
import type { SubtitleKind } from '#protocol/tracks.ts'

const formats: Readonly<Record<string, { kind: SubtitleKind; format: string }>> = {
  'S_TEXT/UTF8': { kind: 'text', format: 'subrip' },
  'S_TEXT/ASCII': { kind: 'text', format: 'subrip' },
  'S_TEXT/WEBVTT': { kind: 'text', format: 'webvtt' },
  'D_WEBVTT/SUBTITLES': { kind: 'text', format: 'webvtt' },
  'D_WEBVTT/CAPTIONS': { kind: 'text', format: 'webvtt' },
  'S_TEXT/ASS': { kind: 'ass', format: 'ass' },
  'S_TEXT/SSA': { kind: 'ass', format: 'ssa' },
  S_ASS: { kind: 'ass', format: 'ass' },
  S_SSA: { kind: 'ass', format: 'ssa' },
  'S_HDMV/PGS': { kind: 'pgs', format: 'pgs' },
  S_VOBSUB: { kind: 'other', format: 'vobsub' },
}

export function subtitleFormat(codecId: string): { kind: SubtitleKind; format: string } {
  return formats[codecId] ?? { kind: 'other', format: codecId.slice(0, 40) }
}
