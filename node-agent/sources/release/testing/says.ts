/** A release in one line, for the tables of tests: every fact that it has. */
import type { Release } from '#protocol/release.ts'

const span = (letter: string, { from, to }: { from: number; to: number }) =>
  from === to ? `${letter}${from}` : `${letter}${from}-${to}`
const list = (name: string, items: readonly string[]) => (items.length > 0 ? `${name}:${items.join(',')}` : undefined)
const flag = (is: boolean | undefined, word: string) => (is ? word : undefined)

export function says(release: Release): string {
  const { title, year, seasons, episodes, absolute, realCount, version, group, container } = release
  return [
    `"${title}"`,
    year,
    seasons && span('s', seasons),
    episodes && span('e', episodes),
    absolute && span('#', absolute),
    release.airedOn,
    flag(release.isComplete, 'complete'),
    release.heightPixels && `${release.heightPixels}p`,
    release.service,
    release.source,
    flag(release.isRemux, 'remux'),
    flag(release.isDisc, 'disc'),
    release.threeD && `3d:${release.threeD}`,
    release.videoCodec,
    release.bitDepth && `${release.bitDepth}bit`,
    list('hdr', release.hdr),
    list('audio', release.audioCodecs),
    release.audioChannels && `${release.audioChannels}ch`,
    flag(release.isAtmos, 'atmos'),
    list('speaks', release.languages),
    flag(release.isMultilingual, 'multi'),
    flag(release.isDubbed, 'dubbed'),
    flag(release.hasSubtitles, 'subs'),
    list('subs', release.subtitles),
    flag(release.hasHardSubtitles, 'hardsubs'),
    list('edition', release.editions),
    flag(release.isProper, 'proper'),
    flag(release.isRepack, 'repack'),
    realCount && `real${realCount}`,
    version && `v${version}`,
    flag(release.isSample, 'sample'),
    group && `-${group}`,
    container && `.${container}`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}
