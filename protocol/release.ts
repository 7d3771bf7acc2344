/** What the name of a release says of it: the facts that a source is ranked by. The agent reads them out of the name. */
import * as z from 'zod'

/** First and last, both within. */
const span = z.object({ from: z.int().nonnegative(), to: z.int().nonnegative() })

/** Where the picture was taken from, worst first. */
export const ReleaseSource = z.enum([
  'cam',
  'telesync',
  'workprint',
  'telecine',
  'screener',
  'vhs',
  'tv',
  'dvd',
  'hdtv',
  'web-rip',
  'web-dl',
  'bluray-rip',
  'bluray',
])
export type ReleaseSource = z.infer<typeof ReleaseSource>

export const ReleaseVideoCodec = z.enum([
  'mpeg2',
  'mpeg4',
  'vc1',
  'wmv',
  'theora',
  'h264',
  'vp8',
  'vp9',
  'hevc',
  'av1',
  'vvc',
])
export type ReleaseVideoCodec = z.infer<typeof ReleaseVideoCodec>

export const ReleaseHdr = z.enum(['hdr10', 'hdr10+', 'dolby-vision', 'hlg'])
export type ReleaseHdr = z.infer<typeof ReleaseHdr>

export const ReleaseAudioCodec = z.enum([
  'mp3',
  'vorbis',
  'aac',
  'opus',
  'ac3',
  'eac3',
  'dts',
  'dts-hd',
  'dts-hd-ma',
  'dts-x',
  'truehd',
  'flac',
  'alac',
  'pcm',
])
export type ReleaseAudioCodec = z.infer<typeof ReleaseAudioCodec>

export const ReleaseContainer = z.enum([
  'mkv',
  'mp4',
  'webm',
  'avi',
  'mov',
  'wmv',
  'mpg',
  'ts',
  'm2ts',
  'vob',
  'iso',
  'flv',
  'ogv',
])
export type ReleaseContainer = z.infer<typeof ReleaseContainer>

/** `3d` alone: the name does not say how the two pictures lie. */
export const Release3d = z.enum(['3d', 'side-by-side', 'over-under', 'mvc', 'anaglyph'])
export type Release3d = z.infer<typeof Release3d>

export const ReleaseEdition = z.enum([
  'directors-cut',
  'final-cut',
  'extended',
  'theatrical',
  'unrated',
  'uncut',
  'uncensored',
  'remastered',
  'restored',
  'imax',
  'open-matte',
  'criterion',
  'special',
  'ultimate',
  'collectors',
  'anniversary',
  'redux',
  'fan-edit',
])
export type ReleaseEdition = z.infer<typeof ReleaseEdition>

/** Most that is kept of a name: hostile ones say everything a hundred times. */
export const MOST_LANGUAGES = 24
const languages = z.array(z.string().max(8)).max(MOST_LANGUAGES)

/** Only what the name says is there; an absent field is not known, an empty list nobody spoke of. */
export const Release = z.object({
  title: z.string().max(200),
  year: z.int().min(1870).max(2100).optional(),
  /** Seasons that it holds; 0 are the specials. With `episodes` it is one season's part, without a whole pack. */
  seasons: span.optional(),
  episodes: span.optional(),
  /** Episodes counted through all seasons, as anime does. */
  absolute: span.optional(),
  /** `YYYY-MM-DD` of a daily show. */
  airedOn: z.string().max(10).optional(),
  /** All that there is of a show or a season. */
  isComplete: z.boolean().optional(),
  /** Lines of the picture: 480, 576, 720, 1080, 1440, 2160, 4320. */
  heightPixels: z.int().positive().max(10_000).optional(),
  /** As its bits a second are usual for, where its name says nothing of lines: a guess, not its word. */
  likelyHeightPixels: z.int().positive().max(10_000).optional(),
  source: ReleaseSource.optional(),
  /** Who streamed it first, as the scene writes it: `AMZN`. */
  service: z.string().max(8).optional(),
  /** The disc's own streams, not encoded again. */
  isRemux: z.boolean().optional(),
  /** A whole disc, with its menus: nothing that a player opens. */
  isDisc: z.boolean().optional(),
  videoCodec: ReleaseVideoCodec.optional(),
  bitDepth: z.int().min(8).max(16).optional(),
  /** Several when it carries one within the other. */
  hdr: z.array(ReleaseHdr).max(4),
  audioCodecs: z.array(ReleaseAudioCodec).max(14),
  /** Speakers: 5.1 is 6. */
  audioChannels: z.int().positive().max(16).optional(),
  isAtmos: z.boolean().optional(),
  /** ISO 639-1 of what is spoken; `es-419`, `pt-BR`, `fr-CA` where the name tells them apart. */
  languages,
  /** More than one language is spoken, whichever they are: MULTi, DUAL. */
  isMultilingual: z.boolean().optional(),
  /** Subtitles beside the picture, as `languages`; `hasSubtitles` also where it does not say which. */
  subtitles: languages,
  hasSubtitles: z.boolean().optional(),
  /** Burnt into the picture. */
  hasHardSubtitles: z.boolean().optional(),
  /** Another's voice over the first one's. */
  isDubbed: z.boolean().optional(),
  editions: z.array(ReleaseEdition).max(18),
  threeD: Release3d.optional(),
  isProper: z.boolean().optional(),
  isRepack: z.boolean().optional(),
  /** How often the scene swore that this one is right: REAL, REAL REAL. */
  realCount: z.int().positive().max(9).optional(),
  /** `v2` of an anime's episode. */
  version: z.int().positive().max(9).optional(),
  /** It says itself that it is a sample or a trailer. */
  isSample: z.boolean().optional(),
  group: z.string().max(60).optional(),
  container: ReleaseContainer.optional(),
})
export type Release = z.infer<typeof Release>

/** Why a release may not be what its name says. */
export const ReleaseDoubt = z.enum([
  /** Fewer bytes than such a picture can be made of. */
  'too_small',
  /** More than a disc carries: a pack, or something else. */
  'too_large',
  'other_title',
  'other_year',
  'has_executable',
  /** Everything is packed: nothing can be watched while it arrives. */
  'only_archives',
  'asks_for_password',
  'only_sample',
  'no_film',
  'is_disc',
])
export type ReleaseDoubt = z.infer<typeof ReleaseDoubt>
