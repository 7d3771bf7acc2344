/** Pure: which source of a title to try first, and why. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import type { PlayWish } from '#protocol/play-plan.ts'
import type { Release, ReleaseDoubt } from '#protocol/release.ts'
import { judgeRelease, type ReleaseRule } from '#protocol/release-rules.ts'
import type { Source } from '../catalog/titles.ts'
import type { SourceReason } from './answers.ts'
import { howItPlays, type Played } from './how-it-plays.ts'

/** What is known of a source beside its row; all of it may be missing. */
export type SourceFacts = {
  release?: Release
  seeders?: number
  /** As it was counted before. */
  seedersBefore?: number
  /** Epoch seconds. */
  publishedAt?: number
  doubts?: readonly ReleaseDoubt[]
  /** All of it lies on the disk of an agent at home. */
  isAtHome?: boolean
  /** A file of one agent's own: no other can play it. */
  isOnOneAgent?: boolean
}
export type SourceToRank = { source: Source; facts?: SourceFacts }
export type RankedSource<S extends SourceToRank = SourceToRank> = S & { reasons: SourceReason[] }

/** For whom it is ranked; what is not known decides nothing. */
export type RankFor = {
  askedForId?: string | undefined
  device?: DeviceProfile | undefined
  wish?: PlayWish | undefined
  runtimeMinutes?: number | undefined
  rules?: readonly ReleaseRule[]
  /** An agent at home can make a picture anew. */
  canTranscode?: boolean
  /** Epoch seconds. */
  now: number
}

/**
 * What each reason is worth. Wide steps first: asked for, at home, not what it says, cannot be played. Then what plays
 * directly comes before what has more lines but must be made anew, and what the line carries before what it does not.
 */
const worth: Record<SourceReason, number> = {
  asked_for: 10_000,
  at_home: 1000,
  refused_by_rule: -3000,
  doubtful: -2000,
  cannot_be_played: -2000,
  three_d: -500,
  no_seeders: -400,
  bad_recording: -200,
  plays_as_it_is: 60,
  only_repacked: 45,
  sound_is_made: 35,
  picture_is_made: -60,
  too_much_for_the_line: -90,
  hdr_not_shown: -30,
  more_than_is_shown: -5,
  lines_2160: 50,
  lines_1080: 40,
  lines_720: 20,
  lines_480: 0,
  many_seeders: 30,
  some_seeders: 15,
  few_seeders: -20,
  more_seeders_than_before: 4,
  fewer_seeders_than_before: -4,
  published_lately: 2,
  in_your_language: 30,
  in_another_language: -40,
  hard_subtitles: -15,
  preferred_by_rule: 25,
  avoided_by_rule: -25,
  // An agent offers what it has or knows how to get.
  offered_by_an_agent: 10,
  // Metadata need not be fetched from peers first (BEP 9).
  has_torrent_file: 5,
  has_magnet: 2,
  hash_alone: 0,
}

/** A line carries this part of what was measured, as media/plan counts it. */
const LINE_PART = 0.8
const LATELY_SECONDS = 90 * 24 * 3600
/** A screen of 1080 lines shows a film of 1080 lines whose frame is a little larger. */
const SCREEN_SLACK = 1.1

/** Best first; equal ones in the order of their ids, so that everybody who plays a title starts the same download. */
export function rankSources<S extends SourceToRank>(sources: readonly S[], rankFor: RankFor): RankedSource<S>[] {
  const ranked = sources.map((one) => ({ ...one, reasons: [...new Set(reasonsOf(one, rankFor))] }))
  const score = ({ reasons }: RankedSource) => reasons.reduce((sum, reason) => sum + worth[reason], 0)
  return ranked.sort((a, b) => score(b) - score(a) || (a.source.id < b.source.id ? -1 : 1))
}

/** What may be played without being asked for: not what a rule of the household refuses. */
export const mayPlayByItself = ({ reasons }: RankedSource): boolean =>
  reasons.includes('asked_for') || !reasons.includes('refused_by_rule')

function reasonsOf({ source, facts = {} }: SourceToRank, rankFor: RankFor): SourceReason[] {
  const { release, isAtHome, doubts = [] } = facts
  const isOnAgent = source.agentId !== null
  return [
    ...given(source.id === rankFor.askedForId, 'asked_for'),
    ...given(isAtHome, 'at_home'),
    ...given(doubts.length > 0, 'doubtful'),
    ...(release ? ofRules(release, source.sizeBytes, rankFor.rules ?? []) : []),
    ...ofPlaying(playedOf(source, release), rankFor),
    ...(release ? ofPicture(release, rankFor) : []),
    ...given(isTooMuch(source, rankFor) && !isAtHome, 'too_much_for_the_line'),
    ...(release ? ofLanguage(release, rankFor.wish) : []),
    ...(isAtHome ? [] : ofSwarm(facts, rankFor.now)),
    ...given(isOnAgent, 'offered_by_an_agent'),
    // What is here need not be found.
    ...(isAtHome ? [] : [reachOf(source)]),
  ]
}

const reachOf = ({ torrentFile, magnet }: Source): SourceReason =>
  torrentFile !== null ? 'has_torrent_file' : magnet !== null ? 'has_magnet' : 'hash_alone'

const given = (is: boolean | undefined, reason: SourceReason): SourceReason[] => (is ? [reason] : [])

function ofRules(release: Release, sizeBytes: number | null, rules: readonly ReleaseRule[]): SourceReason[] {
  const { isRefused, weight } = judgeRelease(release, sizeBytes, rules)
  return [
    ...given(isRefused, 'refused_by_rule'),
    ...given(weight > 0, 'preferred_by_rule'),
    ...given(weight < 0, 'avoided_by_rule'),
  ]
}

/** The file's own ending says more than the name of the release. */
function playedOf({ filePath }: Source, release: Release | undefined): Played {
  const isKnown = /\.(mp4|m4v|mkv|webm)$/i.exec(filePath ?? '')?.[1]?.toLowerCase()
  const container = isKnown === 'm4v' ? 'mp4' : (isKnown as 'mp4' | 'mkv' | 'webm' | undefined)
  const { videoCodec, audioCodecs = [], bitDepth } = release ?? {}
  const said = container ?? release?.container
  return {
    audioCodecs,
    ...(videoCodec === undefined ? {} : { videoCodec }),
    ...(bitDepth === undefined ? {} : { bitDepth }),
    ...(said === undefined ? {} : { container: said }),
  }
}

function ofPlaying(played: Played, { device, canTranscode = true }: RankFor): SourceReason[] {
  const mode = howItPlays(played, device)
  if (mode === undefined) return []
  if (mode === 'transcode' && !canTranscode) return ['cannot_be_played']
  const reasons = {
    direct: 'plays_as_it_is',
    remux: 'only_repacked',
    audio: 'sound_is_made',
    transcode: 'picture_is_made',
  } as const
  return [reasons[mode]]
}

const badRecordings = new Set<Release['source']>(['cam', 'telesync', 'workprint', 'telecine', 'vhs', 'screener'])

function ofPicture(release: Release, { device, wish }: RankFor): SourceReason[] {
  const { source, hdr, threeD, hasHardSubtitles, isDisc } = release
  const heightPixels = release.heightPixels ?? release.likelyHeightPixels
  const screen = (device?.screenHeightPixels ?? Number.POSITIVE_INFINITY) * SCREEN_SLACK
  const most = Math.min(wish?.mostHeightPixels ?? Number.POSITIVE_INFINITY, device?.savesData ? 720 : screen)
  return [
    ...(heightPixels === undefined ? [] : [linesOf(Math.min(heightPixels, most))]),
    ...given(heightPixels !== undefined && heightPixels > most, 'more_than_is_shown'),
    ...given(badRecordings.has(source), 'bad_recording'),
    ...given(isDisc, 'cannot_be_played'),
    ...given(threeD !== undefined, 'three_d'),
    ...given(hdr.length > 0 && device?.hdr === false, 'hdr_not_shown'),
    ...given(hasHardSubtitles, 'hard_subtitles'),
  ]
}

function linesOf(height: number): SourceReason {
  if (height > 1080 * SCREEN_SLACK) return 'lines_2160'
  if (height > 720 * SCREEN_SLACK) return 'lines_1080'
  return height >= 720 ? 'lines_720' : 'lines_480'
}

function isTooMuch({ sizeBytes, filePath }: Source, { device, runtimeMinutes }: RankFor): boolean {
  const line = device?.lineBytesPerSecond
  // Of a pack nobody knows which part of it is the film.
  if (line === undefined || sizeBytes === null || !runtimeMinutes || filePath === null) return false
  return sizeBytes / (runtimeMinutes * 60) > line * LINE_PART
}

function ofLanguage({ languages, isMultilingual }: Release, wish: PlayWish | undefined): SourceReason[] {
  const wanted = (wish?.audioLanguages ?? []).map(short)
  if (wanted.length === 0 || languages.length === 0) return []
  if (languages.some((language) => wanted.includes(short(language)))) return ['in_your_language']
  return isMultilingual && languages.length < 2 ? [] : ['in_another_language']
}

const short = (language: string) => language.split('-')[0]?.toLowerCase() ?? ''

function ofSwarm({ seeders, seedersBefore, publishedAt }: SourceFacts, now: number): SourceReason[] {
  const before = seedersBefore ?? seeders
  return [
    ...(seeders === undefined ? [] : [crowdOf(seeders)]),
    // A swing of a fifth is how counting goes, not where the swarm goes.
    ...given(seeders !== undefined && before !== undefined && seeders > before * 1.2 + 1, 'more_seeders_than_before'),
    ...given(seeders !== undefined && before !== undefined && seeders < before * 0.8 - 1, 'fewer_seeders_than_before'),
    ...given(publishedAt !== undefined && now - publishedAt < LATELY_SECONDS, 'published_lately'),
  ]
}

function crowdOf(seeders: number): SourceReason {
  if (seeders === 0) return 'no_seeders'
  if (seeders < 3) return 'few_seeders'
  return seeders < 20 ? 'some_seeders' : 'many_seeders'
}
