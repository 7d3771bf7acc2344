/** The words of release names and what each says: the table that the parser looks into. Pure data. */
import type { Release } from '#protocol/release.ts'

/** `impliedHeightPixels` gives way to a height that is said in lines; an empty `service` is the phrase itself. */
export type Said = Partial<Omit<Release, 'title' | 'year'>> & { impliedHeightPixels?: number }

/** Phrases of up to four words, each as `a b|c d`, that no title would hold: the first one ends the title. */
const certain: readonly (readonly [phrases: string, said: Said])[] = [
  // Lines of the picture; whatever else ends in a `p` is read by release-words.ts.
  ...[360, 480, 540, 576, 720, 1080, 1440, 2160, 4320].map((heightPixels): readonly [string, Said] => [
    `${heightPixels}p|${heightPixels}i`,
    { heightPixels },
  ]),
  ['4k|uhd|2160', { impliedHeightPixels: 2160 }],
  ['8k', { impliedHeightPixels: 4320 }],
  ['fhd|fullhd|full hd', { impliedHeightPixels: 1080 }],
  ['qhd', { impliedHeightPixels: 1440 }],
  ['m720p|micro720p', { impliedHeightPixels: 720 }],
  ['m1080p|micro1080p', { impliedHeightPixels: 1080 }],
  // Where it is from.
  ['hdcam|camrip|cam rip|hd cam|hqcam', { source: 'cam' }],
  ['telesync|hdts|hd ts|tsrip|pdvd|predvd|predvdrip', { source: 'telesync' }],
  ['telecine|hdtc|hd tc|tcrip', { source: 'telecine' }],
  ['dvdscr|dvd scr|dvdscreener|bdscr|webscreener|dvdscrrip|hdscr', { source: 'screener' }],
  ['vhsrip|vhs rip|ldrip|laserdisc', { source: 'vhs' }],
  ['pdtv|dsr|dsrip|sdtv|tvrip|tv rip|satrip|sat rip|dvbrip|dvb|dthrip|dvbt', { source: 'tv' }],
  ['hdtv|hdtvrip|hdtv rip|ahdtv|uhdtv|iptvrip|hdtv1080', { source: 'hdtv' }],
  ['dvdrip|dvd rip|dvdr|dvd r|xdvd|dvdmux|dvd mux', { source: 'dvd' }],
  ['dvd5|dvd9|dvd 5|dvd 9|ntsc dvd9|pal dvd9|full dvd|dvdfull', { source: 'dvd', isDisc: true }],
  ['dvd remux|dvdremux', { source: 'dvd', isRemux: true }],
  ['webrip|web rip|webriphd|web cap|webcap|webhdrip|web hdrip|hdrip|hd rip', { source: 'web-rip' }],
  ['webdl|web dl|webdlrip|web dlrip|web dl rip|webhd|web hd|dlmux|web dlmux|web mux', { source: 'web-dl' }],
  [
    'bdrip|bd rip|brrip|br rip|bluray rip|blurayrip|bdmux|bluraymux|bluray mux|uhdrip|uhdbdrip|bdrips',
    {
      source: 'bluray-rip',
    },
  ],
  [
    'bluray|blu ray|bd1080p|hddvd|hd dvd|hddvdrip|bdr|blurayhd|bluray3d',
    {
      source: 'bluray',
    },
  ],
  [
    'complete bluray|complete blu ray|full bluray|full blu ray|bdmv|bd25|bd50|bd66|bd100|bdiso',
    {
      source: 'bluray',
      isDisc: true,
    },
  ],
  ['remux|bd remux|bdremux|blurayremux|bluray remux|blu ray remux', { source: 'bluray', isRemux: true }],
  ['complete uhd bluray|full uhd bluray', { source: 'bluray', isDisc: true, impliedHeightPixels: 2160 }],
  ['uhd bluray remux|uhd remux|uhd bdremux', { source: 'bluray', isRemux: true, impliedHeightPixels: 2160 }],
  ['uhd bluray|uhd blu ray|uhdbd|uhd bd', { source: 'bluray', impliedHeightPixels: 2160 }],
  ['web dl remux|webremux|web remux', { source: 'web-dl', isRemux: true }],
  ['hdtv remux|hdtvremux', { source: 'hdtv', isRemux: true }],
  // Picture.
  ['x264|h264|h 264|x 264|avc|avc1|h264p|mpeg4 avc|mpeg 4 avc', { videoCodec: 'h264' }],
  ['x265|h265|h 265|x 265|hevc', { videoCodec: 'hevc' }],
  ['hi10p|hi10', { videoCodec: 'h264', bitDepth: 10 }],
  ['hevc10|x265 10', { videoCodec: 'hevc', bitDepth: 10 }],
  ['av1|svtav1|svt av1', { videoCodec: 'av1' }],
  ['vvc|h266|h 266|x266', { videoCodec: 'vvc' }],
  ['vp9', { videoCodec: 'vp9' }],
  ['vp8', { videoCodec: 'vp8' }],
  ['xvid|divx|divx5|dx50|xvidhd', { videoCodec: 'mpeg4' }],
  ['mpeg2|mpeg 2|mpg2', { videoCodec: 'mpeg2' }],
  ['vc1|vc 1', { videoCodec: 'vc1' }],
  ['wmvhd|wmv9', { videoCodec: 'wmv' }],
  ['theora', { videoCodec: 'theora' }],
  ['10bit|10 bit|10bits|10 bits', { bitDepth: 10 }],
  ['8bit|8 bit|8bits', { bitDepth: 8 }],
  ['12bit|12 bit', { bitDepth: 12 }],
  ['hdr10|hdr 10', { hdr: ['hdr10'] }],
  ['hdr10+|hdr10plus|hdr10p|hdr10 plus', { hdr: ['hdr10+'] }],
  ['dovi|dolby vision|dolbyvision', { hdr: ['dolby-vision'] }],
  ['dv hdr|dvhdr|dv hdr10|dovi hdr|dovi hdr10|dolby vision hdr|dv+hdr|dv+hdr10', { hdr: ['dolby-vision', 'hdr10'] }],
  ['dv hdr10+|dv hdr10plus|dv hdr10p|dovi hdr10+|dv+hdr10+', { hdr: ['dolby-vision', 'hdr10+'] }],
  ['hlg|hlg10', { hdr: ['hlg'] }],
  // Sound.
  ['aac|heaac|he aac|aac lc|qaac', { audioCodecs: ['aac'] }],
  ['ac3|dolby digital|ac 3|ac3d', { audioCodecs: ['ac3'] }],
  ['eac3|e ac3|e ac 3|ddp|dd+|ddplus|dd plus|dolby digital plus', { audioCodecs: ['eac3'] }],
  ['ddpa|ddp atmos|dd+ atmos|ddpatmos|eac3 atmos', { audioCodecs: ['eac3'], isAtmos: true }],
  ['dts|dtsd', { audioCodecs: ['dts'] }],
  ['dts hd|dtshd|dts hd hra|dts hra|dts hd hr|dtshr', { audioCodecs: ['dts-hd'] }],
  ['dts hd ma|dts ma|dtshdma|dts hdma|dtsma|dtshd ma|dts hd master audio', { audioCodecs: ['dts-hd-ma'] }],
  ['dts x|dtsx|dts hd x|dts x ma', { audioCodecs: ['dts-x'] }],
  ['truehd|true hd|dolby truehd|thd', { audioCodecs: ['truehd'] }],
  ['truehd atmos|true hd atmos|dolby truehd atmos', { audioCodecs: ['truehd'], isAtmos: true }],
  ['tatmos', { audioCodecs: ['truehd'], isAtmos: true }],
  ['atmos|dolby atmos', { isAtmos: true }],
  ['flac', { audioCodecs: ['flac'] }],
  ['mp3', { audioCodecs: ['mp3'] }],
  ['lpcm', { audioCodecs: ['pcm'] }],
  ['complete series|the complete series|complete season|full series|full season', { isComplete: true }],
  // The rest that no title says.
  ['h sbs|hsbs|half sbs|3d hsbs|3d h sbs|3d half sbs', { threeD: 'side-by-side' }],
  ['3d sbs|fsbs|full sbs|3d fsbs', { threeD: 'side-by-side' }],
  [
    'h ou|hou|half ou|h tab|htab|half tab|3d hou|3d h ou|3d half ou|3d ou|3d tab|3d htab|3d h tab',
    { threeD: 'over-under' },
  ],
  ['bluray 3d|3d bluray|3d bluray remux', { source: 'bluray', threeD: '3d' }],
  ['3d mvc|mvc', { threeD: 'mvc' }],
  ['truefrench|vff|vfi|vf2', { languages: ['fr'] }],
  ['vfq', { languages: ['fr-CA'] }],
  ['vostfr|subfrench|vostf', { subtitles: ['fr'], hasSubtitles: true }],
  ['dual audio|dualaudio|dual lat|multi audio', { isMultilingual: true }],
  ['multi subs|multi sub|multisubs|multisub|msubs|msub', { hasSubtitles: true }],
  ['esub|esubs|engsub|engsubs|e subs|e sub', { subtitles: ['en'], hasSubtitles: true }],
  ['korsub|kor sub|korsubs', { subtitles: ['ko'], hasHardSubtitles: true, hasSubtitles: true }],
  ['swesub|swesubs', { subtitles: ['sv'], hasSubtitles: true }],
  ['dksub|dksubs|dansub', { subtitles: ['da'], hasSubtitles: true }],
  ['nlsub|nlsubs|nl subs|nl sub', { subtitles: ['nl'], hasSubtitles: true }],
  ['plsub|plsubs|napisy pl', { subtitles: ['pl'], hasSubtitles: true }],
  ['subita|subsita', { subtitles: ['it'], hasSubtitles: true }],
  ['legendado', { subtitles: ['pt-BR'], hasSubtitles: true }],
  ['hardsub|hardsubs|hardsubbed|hardcoded subs|hc subs', { hasHardSubtitles: true, hasSubtitles: true }],
]

/** Words that titles hold too: they count only behind the end of the title. */
const behindTheTitle: readonly (readonly [phrases: string, said: Said])[] = [
  ['hd', {}],
  ['2k', { impliedHeightPixels: 1440 }],
  ['cam', { source: 'cam' }],
  ['ts', { source: 'telesync' }],
  ['tc|r5', { source: 'telecine' }],
  ['wp|workprint', { source: 'workprint' }],
  ['screener|scr', { source: 'screener' }],
  ['vhs', { source: 'vhs' }],
  ['tv', { source: 'tv' }],
  ['dvd', { source: 'dvd' }],
  ['web', { source: 'web-dl' }],
  ['bd', { source: 'bluray' }],
  ['iso|dvd iso', { isDisc: true }],
  ['hdr', { hdr: ['hdr10'] }],
  ['dv', { hdr: ['dolby-vision'] }],
  ['sdr', {}],
  ['3d', { threeD: '3d' }],
  ['sbs|side by side', { threeD: 'side-by-side' }],
  ['ou|tab|over under|top bottom', { threeD: 'over-under' }],
  ['anaglyph', { threeD: 'anaglyph' }],
  ['dd', { audioCodecs: ['ac3'] }],
  ['opus', { audioCodecs: ['opus'] }],
  ['vorbis', { audioCodecs: ['vorbis'] }],
  ['alac', { audioCodecs: ['alac'] }],
  ['pcm', { audioCodecs: ['pcm'] }],
  ['proper', { isProper: true }],
  ['repack|rerip|repack2|repack3', { isRepack: true }],
  ['real', { realCount: 1 }],
  ['v2', { version: 2 }],
  ['v3', { version: 3 }],
  ['sample|trailer', { isSample: true }],
  ['complete|integrale|integral|batch', { isComplete: true }],
  // Speakers.
  ['1.0|1ch', { audioChannels: 1 }],
  ['2.0|2ch', { audioChannels: 2 }],
  ['5.1|6ch|5.1ch', { audioChannels: 6 }],
  ['7.1|8ch|7.1ch', { audioChannels: 8 }],
  // Editions.
  ['dc|directors cut|directors edition', { editions: ['directors-cut'] }],
  ['final cut', { editions: ['final-cut'] }],
  ['extended|extended cut|extended edition|ext|extended version|extended directors cut', { editions: ['extended'] }],
  ['theatrical|theatrical cut|theatrical edition', { editions: ['theatrical'] }],
  ['unrated|unrated cut|unrated edition', { editions: ['unrated'] }],
  ['uncut', { editions: ['uncut'] }],
  ['uncensored', { editions: ['uncensored'] }],
  ['remastered|remaster|4k remaster|4k remastered|digitally remastered', { editions: ['remastered'] }],
  ['restored|4k restoration|4k restored|restoration', { editions: ['restored'] }],
  ['imax|imax edition|imax enhanced', { editions: ['imax'] }],
  ['open matte', { editions: ['open-matte'] }],
  ['criterion|criterion collection|cc criterion', { editions: ['criterion'] }],
  ['special edition|se', { editions: ['special'] }],
  ['ultimate cut|ultimate edition|ultimate collectors edition', { editions: ['ultimate'] }],
  ['collectors edition|collectors', { editions: ['collectors'] }],
  ['anniversary edition|anniversary', { editions: ['anniversary'] }],
  ['redux', { editions: ['redux'] }],
  ['fan edit|fanedit', { editions: ['fan-edit'] }],
  // Known, and nothing that anybody chooses by.
  [
    'internal|int|limited|hybrid|hq|hdlight|mhd|light|read nfo|readnfo|nfofix|nfo|retail|custom|pal|ntsc|festival|stv|ws|fs',
    {},
  ],
  [
    'uhd4k|hfr|60fps|50fps|24fps|crf|x2|dirfix|proof|subfix|ma|ip|vo|bit|ch|audio|subpack|rip|mux|series|season|seasons',
    {},
  ],
  // Voices.
  ['multi|multi2|multi3|multi4|multi5|multi6|multi7|multi8|dual|ml|dl', { isMultilingual: true }],
  ['german dl|ger dl', { languages: ['de', 'en'], isMultilingual: true }],
  ['german ml|ger ml', { languages: ['de'], isMultilingual: true }],
  ['dubbed|dub|synced|ld|md|line dubbed|mic dubbed|doppiato', { isDubbed: true }],
  ['dublado', { languages: ['pt-BR'], isDubbed: true }],
  ['lektor|lektor pl', { languages: ['pl'], isDubbed: true }],
  ['vf|version francaise', { languages: ['fr'] }],
  ['napisy', { subtitles: ['pl'], hasSubtitles: true }],
  ['nordic|nordicsubs|nordic subs', { subtitles: ['da', 'fi', 'no', 'sv'], hasSubtitles: true }],
  ['subbed|softsub|softsubs|vost', { hasSubtitles: true }],
  ['hc|hardcoded', { hasHardSubtitles: true, hasSubtitles: true }],
  // Who streamed it first.
  [
    'amzn|nf|cr|dsnp|atvp|hmax|hulu|pcok|pmtp|stan|itunes|crav|sho|stz|vudu|iplayer|all4|itv|roku|tubi|plex|mubi|crkl|cw|nbc|' +
      'abc|cbs|fox|hbo|sonyliv|zee5|hotstar|viki|funi|hidive|adn|bili|baha|arte|ard|zdf|rai|svt|nrk|tv4|viap|cbc|ctv|aubc|' +
      '9now|tenp|kan|joyn|wavve|tving|vimeo|yt',
    { service: '' },
  ],
  ['amazon', { service: 'AMZN' }],
  ['netflix', { service: 'NF' }],
]

export type Phrase = { said: Said; isCertain: boolean }

/** Every phrase, and the most words that a phrase beginning with a word has. */
export const phrases = new Map<string, Phrase>()
export const longestFrom = new Map<string, number>()

function learn(table: typeof certain, isCertain: boolean): void {
  for (const [list, said] of table) {
    for (const phrase of list.split('|')) {
      const [first = '', ...rest] = phrase.split(' ')
      phrases.set(phrase, { said: said.service === '' ? { service: phrase.toUpperCase() } : said, isCertain })
      longestFrom.set(first, Math.max(longestFrom.get(first) ?? 0, rest.length + 1))
    }
  }
}
learn(behindTheTitle, false)
learn(certain, true)
