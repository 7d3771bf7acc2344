/** How a film will reach a screen: the cheapest rung that works, and why none cheaper did. Pure. */
import type { DeviceProfile } from '#protocol/device-profile.ts'
import { AppError } from '#protocol/errors.ts'
import { PlayMode, type PlayPlan, type PlayReason, type PlayWish } from '#protocol/play-plan.ts'
import type { Rendition } from '#protocol/rendition.ts'
import { type CutBy, resourcePath } from '#protocol/stream-url.ts'
import type { AudioTrack, VideoTrack } from '#protocol/tracks.ts'
import type { FilmInside } from '../film.ts'
import { segmentGrid } from '../hls/segment-grid.ts'
import {
  type CapabilitiesOfMaking,
  canMakeVideo,
  isDolbyVisionOnly,
  needsFfmpeg,
} from '../making/capabilities-of-making.ts'
import { videoShape } from '../making/ffmpeg/video-shape.ts'
import { audioRenditions } from './audio-renditions.ts'
import { chooseAudio } from './choose-audio.ts'
import { decodes } from './decodes.ts'
import { heightsToMake, tooMuch } from './video-limits.ts'

/** Longer waits for a cut than this are felt at every seek. */
const KEYFRAMES_APART_SECONDS = 15

export type FilmToPlan = CutBy & {
  /** Undefined when nobody could look into it. */
  inside: FilmInside | undefined
  contentType: string
  sizeBytes: number
  device: DeviceProfile | undefined
  wish: PlayWish | undefined
  making: CapabilitiesOfMaking
}

/** Throws `needs_ffmpeg` with what to install, and `not_playable` with what to do, when there is no rung. */
export function planPlay(film: FilmToPlan): PlayPlan {
  const { inside, device, wish } = film
  const failed = new Set(wish?.failedModes)
  const lowest = Math.max(-1, ...[...failed].map((mode) => PlayMode.options.indexOf(mode)))
  const isAllowed = (mode: PlayMode) => PlayMode.options.indexOf(mode) > lowest
  const video = inside?.tracks.video[0]
  if (!inside || !video || !device?.segmentCodecs) return planUnknown(film, isAllowed)
  const audio = chooseAudio(inside.tracks.audio, wish)
  const tooLarge = tooMuch(video, bytesPerSecondOf(film), device, wish)
  const failedBefore: PlayReason[] = failed.size > 0 ? ['failed_before'] : []
  const refused = [
    ...whyNotDirect(film, video, audio, device),
    ...whyBadlyDirect(film),
    ...whyNotCopied(inside, video, device).soft,
    ...tooLarge,
  ]
  if (refused.length === 0 && isAllowed('direct')) {
    return { mode: 'direct', reasons: ['plays_as_it_is'], ...pictureOf(video.height, audio) }
  }
  const hls = planHls(film, { device, inside, video, audio, tooLarge, isAllowed })
  // What is unwelcome, not impossible, still beats nothing.
  if (!hls.plan) {
    if (isAllowed('direct') && whyNotDirect(film, video, audio, device).length === 0) {
      return { mode: 'direct', reasons: unique(refused), ...pictureOf(video.height, audio) }
    }
    throw hls.error
  }
  const reasons = unique([...refused.filter((reason) => isAllowed('direct') || isLasting(reason)), ...hls.plan.reasons])
  return { ...hls.plan, reasons: unique([...failedBefore, ...reasons]) }
}

const unique = (reasons: readonly PlayReason[]) => [...new Set(reasons)].slice(0, 16)
/** Those that say why video is made, whatever failed before. */
const isLasting = (reason: PlayReason) =>
  !['container_not_opened', 'audio_track_chosen', 'starts_late'].includes(reason)

const pictureOf = (heightPixels: number, audio: AudioTrack | undefined) => ({
  heightPixels,
  ...(audio ? { audioTrackId: audio.id } : {}),
})

const bytesPerSecondOf = ({ inside, sizeBytes }: FilmToPlan) =>
  inside?.durationSeconds ? sizeBytes / inside.durationSeconds : undefined

/** A file nobody understands is tried as it is, once; so is any file by a web app that plays files only. */
function planUnknown(film: FilmToPlan, isAllowed: (mode: PlayMode) => boolean): PlayPlan {
  const { inside, device, contentType, making } = film
  if (!isAllowed('direct')) throw notPlayable(making)
  const [video, audio] = [inside?.tracks.video[0], inside?.tracks.audio[0]]
  const isSure =
    device?.containers.includes(contentType) &&
    video &&
    [video, ...(audio ? [audio] : [])].every(({ codec }) => decodes(device.codecs, codec))
  return { mode: 'direct', reasons: [isSure ? 'plays_as_it_is' : 'codec_unknown_tried_directly'] }
}

function notPlayable({ hasFfmpeg }: CapabilitiesOfMaking): AppError {
  return hasFfmpeg
    ? new AppError('not_playable', 'This file could not be played in any way on this device. Try another source.')
    : new AppError('needs_ffmpeg', needsFfmpeg.video)
}

function whyNotDirect(
  { contentType, inside }: FilmToPlan,
  video: VideoTrack,
  audio: AudioTrack | undefined,
  device: DeviceProfile,
): PlayReason[] {
  return [
    ...(device.containers.includes(contentType) ? [] : (['container_not_opened'] as const)),
    ...(decodes(device.codecs, video.codec) ? [] : (['video_codec_not_decoded'] as const)),
    ...(!audio || decodes(device.codecs, audio.codec) ? [] : (['audio_codec_not_decoded'] as const)),
    // Browsers play a file's first audio track, and cannot be told another.
    ...(!audio || audio.id === inside?.tracks.audio[0]?.id ? [] : (['audio_track_chosen'] as const)),
  ]
}

/** More than any container's rounding. */
const LATE_SECONDS = 0.25

/** It would play, but without the places that a viewer asks for: other rungs are better where there are some. */
function whyBadlyDirect({ contentType, inside }: FilmToPlan): PlayReason[] {
  return [
    ...((inside?.startSeconds ?? 0) > LATE_SECONDS ? (['starts_late'] as const) : []),
    // Chromium never ends a seek in a Matroska file without Cues, whatever we have counted ourselves.
    ...(/matroska|webm/.test(contentType) && (!inside?.keyframes || inside.keyframes.isCounted)
      ? (['keyframes_unknown'] as const)
      : []),
  ]
}

/** `hard`: copying is impossible. `soft`: it would play badly, and making is better where it can be done. */
function whyNotCopied(inside: FilmInside, video: VideoTrack, device: DeviceProfile) {
  const { keyframes } = inside
  const gaps = segmentGrid(inside).map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)
  const hard: PlayReason[] = []
  if (!decodes(device.segmentCodecs ?? [], video.codec)) hard.push('video_codec_not_decoded')
  if (!keyframes) hard.push('keyframes_unknown')
  const soft: PlayReason[] = []
  if (keyframes && !keyframes.isClosed && device.needsClosedGop) soft.push('open_gop')
  if (keyframes && Math.max(...gaps) > KEYFRAMES_APART_SECONDS) soft.push('keyframes_too_rare')
  if (video.hdr && device.hdr === false) soft.push('hdr_not_shown')
  return { hard, soft }
}

type Hls = {
  device: DeviceProfile
  inside: FilmInside
  video: VideoTrack
  audio: AudioTrack | undefined
  tooLarge: readonly PlayReason[]
  isAllowed: (mode: PlayMode) => boolean
}

type HlsPlan = { plan: PlayPlan; error?: undefined } | { plan?: undefined; error: AppError }

function planHls(film: FilmToPlan, { device, inside, video, audio, tooLarge, isAllowed }: Hls): HlsPlan {
  const { making, wish, cutBy } = film
  if (!isAllowed('transcode')) return { error: notPlayable(making) }
  if (device.hls === 'none' || device.hls === undefined) return { error: noHls() }
  // A transport stream's length is what ffprobe counts.
  if (inside.durationSeconds === undefined) {
    return { error: making.hasFfmpeg ? noLength() : new AppError('needs_ffmpeg', needsFfmpeg.video) }
  }
  const { hard, soft } = whyNotCopied(inside, video, device)
  const canCopy = hard.length === 0 && isAllowed('audio')
  const isUnwelcome = soft.length + tooLarge.length > 0
  const makesVideo = canMakeVideo(making, video) && (!canCopy || isUnwelcome)
  if (!canCopy && !makesVideo) return { error: whyNotMade(making, video) }
  // Without an index sound cannot be cut either.
  const copiesAudio =
    inside.keyframes !== undefined &&
    (isAllowed('remux') || (makesVideo && !wish?.failedModes?.some((mode) => mode !== 'direct')))
  const sounds = audioRenditions({ tracks: inside.tracks.audio, first: audio, device, making, copies: copiesAudio })
  if (audio && !sounds.renditions.some(({ trackId }) => trackId === audio.id)) {
    return { error: new AppError('needs_ffmpeg', needsFfmpeg.audio) }
  }
  const heights = makesVideo ? heightsToMake(video, device, wish, making) : []
  const pictures: Rendition[] = makesVideo
    ? heights.map((heightPixels) => ({ kind: 'video', trackId: video.id, made: { heightPixels } }))
    : [{ kind: 'video', trackId: video.id }]
  const subtitles: Rendition[] = inside.tracks.subtitles
    .filter(({ kind }) => device.hls === 'native' && (kind === 'text' || kind === 'ass'))
    .slice(0, 24)
    .map(({ id }) => ({ kind: 'subtitles', trackId: id }))
  const renditions = [...pictures, ...sounds.renditions, ...subtitles]
  const tallest = heights[0] === undefined ? video.height : videoShape(video, heights[0]).height
  return {
    plan: {
      mode: makesVideo ? 'transcode' : sounds.isFirstMade ? 'audio' : 'remux',
      reasons: [...hard, ...soft, ...sounds.reasons],
      resource: resourcePath({ kind: 'master', renditions, ...(cutBy ? { cutBy } : {}) }),
      ...pictureOf(tallest, audio),
    },
  }
}

function whyNotMade(making: CapabilitiesOfMaking, video: VideoTrack): AppError {
  if (isDolbyVisionOnly(video)) {
    return new AppError(
      'not_playable',
      'This film is Dolby Vision of a kind that only such screens show. Try another source.',
    )
  }
  return new AppError('needs_ffmpeg', making.video ? needsFfmpeg.hdr : needsFfmpeg.video)
}

const noHls = () =>
  new AppError('not_playable', 'This browser can only play files as they are, and not this one. Try another browser.')
const noLength = () =>
  new AppError('not_playable', 'The file does not say how long the film is, as broken ones do. Try another source.')
