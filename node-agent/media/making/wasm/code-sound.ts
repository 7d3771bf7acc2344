/** AC-3 and E-AC-3 decoded and AAC encoded without ffmpeg: libavcodec as WebAssembly, in worker threads of its own. */
import { registerAacEncoder } from '@mediabunny/aac-encoder'
import { registerAc3Decoder } from '@mediabunny/ac3'
import {
  AudioSample,
  AudioSampleSink,
  AudioSampleSource,
  BufferTarget,
  CmafOutputFormat,
  type InputAudioTrack,
  NullTarget,
  Output,
} from 'mediabunny'
import { withoutClock } from '../../hls/without-clock.ts'
import { AUDIO_TICKS_PER_SECOND } from '../ffmpeg/making-arguments.ts'
import type { DecodedSound } from './downmix.ts'

let isRegistered = false
function register(): void {
  if (isRegistered) return
  isRegistered = true
  registerAc3Decoder()
  registerAacEncoder()
}

/** Frames that are heard between two times of the file, in its own seconds. */
export async function decodeSound(
  track: InputAudioTrack,
  fromSeconds: number,
  toSeconds: number,
  signal: AbortSignal,
): Promise<DecodedSound[]> {
  register()
  const sounds: DecodedSound[] = []
  for await (const sample of new AudioSampleSink(track).samples(fromSeconds, toSeconds)) {
    signal.throwIfAborted()
    const planes = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
      const plane = new Float32Array(sample.numberOfFrames)
      sample.copyTo(plane, { format: 'f32-planar', planeIndex })
      return plane
    })
    sounds.push({ seconds: sample.timestamp, sampleRate: sample.sampleRate, planes })
    sample.close()
  }
  return sounds
}

export type EncodedSound = { init: Uint8Array; frames: Uint8Array[] }

/** AAC-LC of 48 kHz. The first frame is the encoder's priming: what is heard of the samples begins with the second. */
export async function encodeSound(samples: Float32Array, channels: 2 | 6): Promise<EncodedSound> {
  register()
  const frames: Uint8Array[] = []
  const initTarget = new BufferTarget()
  const output = new Output({ format: new CmafOutputFormat(), target: new NullTarget(), initTarget })
  const source = new AudioSampleSource({
    codec: 'aac',
    bitrate: channels === 2 ? 192_000 : 384_000,
    onEncodedPacket: ({ data }) => frames.push(data),
  })
  output.addAudioTrack(source)
  await output.start()
  const sample = new AudioSample({
    ...{ data: samples, format: 'f32', numberOfChannels: channels, sampleRate: AUDIO_TICKS_PER_SECOND, timestamp: 0 },
  })
  await source.add(sample)
  sample.close()
  source.close()
  await output.finalize()
  return { init: withoutClock(new Uint8Array(initTarget.buffer ?? new ArrayBuffer(0))), frames }
}
