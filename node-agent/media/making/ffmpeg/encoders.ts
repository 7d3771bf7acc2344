/** The H.264 encoders that video can be made with, and how each is told the same thing. Pure. */
import type { VideoShape } from './video-shape.ts'

export type EncoderName = 'libx264' | 'h264_vaapi' | 'h264_qsv' | 'h264_nvenc'

export type Encoder = {
  name: EncoderName
  /** Before the input. */
  device: readonly string[]
  /** After all filters. */
  upload: readonly string[]
  options: (shape: VideoShape) => readonly string[]
}

const limits = ({ mostBitsPerSecond }: VideoShape) => [
  ...['-maxrate', String(mostBitsPerSecond), '-bufsize', String(mostBitsPerSecond * 2)],
]
const average = (shape: VideoShape) => ['-b:v', String(Math.round(shape.mostBitsPerSecond * 0.7)), ...limits(shape)]

/** Every keyframe is an IDR, and stands only where one is forced: a fragment of ffmpeg's is a segment of ours. */
const gop = (mostFrames: number) => ['-g', String(mostFrames), '-flags', '+cgop']
const GOP = gop(100_000)
/** Quick Sync counts them in 16 bits (mfxInfoMFX.GopPicSize). */
const QSV_GOP = gop(65_535)

/**
 * A slow processor gets the fastest preset that still looks like the film. B-frames are left out: a tenth more bytes,
 * and no player can mistake when a frame is shown (ffmpeg moves films with negative offsets by a frame).
 */
export const softwareEncoder = (cores: number): Encoder => ({
  name: 'libx264',
  device: [],
  upload: [],
  options: (shape) => [
    ...['-c:v', 'libx264', '-preset', cores > 4 ? 'veryfast' : 'superfast', '-crf', '22', ...limits(shape)],
    ...['-profile:v', 'high', '-level:v', String(shape.level / 10)],
    ...['-keyint_min', '1', '-sc_threshold', '0', '-bf', '0', '-forced-idr', '1', ...GOP],
  ],
})

/** In the order in which they are tried. */
export const hardwareEncoders: readonly Encoder[] = [
  {
    name: 'h264_nvenc',
    device: [],
    upload: [],
    options: (shape) => [
      ...['-c:v', 'h264_nvenc', '-preset', 'p4', '-rc', 'vbr', '-cq', '24', ...limits(shape)],
      ...['-profile:v', 'high', '-bf', '0', '-no-scenecut', '1', '-forced-idr', '1', ...GOP],
    ],
  },
  {
    name: 'h264_qsv',
    device: ['-init_hw_device', 'qsv=hardware', '-filter_hw_device', 'hardware'],
    upload: ['format=nv12', 'hwupload=extra_hw_frames=64'],
    options: (shape) => [
      ...['-c:v', 'h264_qsv', '-preset', 'veryfast', ...average(shape)],
      ...['-profile:v', 'high', '-bf', '0', '-forced_idr', '1', ...QSV_GOP],
    ],
  },
  {
    name: 'h264_vaapi',
    device: ['-init_hw_device', 'vaapi=hardware', '-filter_hw_device', 'hardware'],
    upload: ['format=nv12', 'hwupload'],
    options: (shape) => ['-c:v', 'h264_vaapi', ...average(shape), '-profile:v', 'high', '-bf', '0', ...GOP],
  },
]
