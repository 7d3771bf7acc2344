/** The init segment of a track that is copied, written by mediabunny out of what the film says of its codec. */
import {
  type AudioCodec,
  BufferTarget,
  CmafOutputFormat,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  type InputAudioTrack,
  type InputVideoTrack,
  Output,
  type VideoCodec,
} from 'mediabunny'
import { AppError } from '#protocol/errors.ts'
import { withoutClock } from './without-clock.ts'

/** What mediabunny writes for video: it divides by all common frame rates. */
export const VIDEO_TIMESCALE = 57_600
/** Codecs whose box is made of a frame. */
const NEEDS_FRAME: ReadonlySet<string> = new Set(['ac3', 'eac3', 'dts', 'vp9', 'av1'])
/** Those whose parameters stand in their frames where the container has no place for them. */
const MAY_NEED_FRAME: ReadonlySet<string> = new Set(['avc', 'hevc', 'aac'])

export async function copiedInit(track: InputVideoTrack | InputAudioTrack): Promise<Uint8Array> {
  const target = new BufferTarget()
  const output = new Output({ format: new CmafOutputFormat(), target: new BufferTarget(), initTarget: target })
  const codec = await track.getCodec()
  const isUndescribed = MAY_NEED_FRAME.has(codec ?? '') && !(await track.getDecoderConfig())?.description
  const primingPacket =
    NEEDS_FRAME.has(codec ?? '') || isUndescribed ? await new EncodedPacketSink(track).getFirstKeyPacket() : null
  const priming = primingPacket ? { primingPacket } : {}
  if (!codec) throw unknownCodec()
  if (track.isVideoTrack()) {
    const decoderConfig = await track.getDecoderConfig()
    if (!decoderConfig) throw unknownCodec()
    const rotation = await track.getRotation()
    output.addVideoTrack(new EncodedVideoPacketSource(codec as VideoCodec), {
      ...{ decoderConfig: codec === 'avc' ? withColours(decoderConfig) : decoderConfig, rotation, ...priming },
    })
  } else if (track.isAudioTrack()) {
    const decoderConfig = await track.getDecoderConfig()
    if (!decoderConfig) throw unknownCodec()
    output.addAudioTrack(new EncodedAudioPacketSource(codec as AudioCodec), { decoderConfig, ...priming })
  }
  await output.start()
  await output.finalize()
  if (!target.buffer) throw unknownCodec()
  return withoutClock(new Uint8Array(target.buffer))
}

/** Pictures with fewer lines have the colours of BT.601, larger ones those of BT.709, unless they say otherwise. */
const HD_LINES = 720

/**
 * Chromium knows that of a file, but takes whatever comes in segments for BT.709 when it says nothing: so it is said. The
 * sequence parameters, if nothing else, say the range of colours; mediabunny leaves it open when it could not read them.
 */
function withColours(config: VideoDecoderConfig): VideoDecoderConfig {
  const { primaries, transfer, matrix, fullRange } = config.colorSpace ?? {}
  const saysNothing = !primaries && !transfer && !matrix && fullRange === false
  if (!saysNothing || (config.codedHeight ?? HD_LINES) >= HD_LINES) return config
  const colorSpace = { primaries: 'smpte170m', transfer: 'smpte170m', matrix: 'smpte170m', fullRange: false } as const
  return { ...config, colorSpace }
}

const unknownCodec = () => new AppError('not_playable', 'This track’s format is not known. Try another source.')
