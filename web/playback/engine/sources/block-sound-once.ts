/** hls.js's feeder of the browser's buffers, which lets sound that is ahead of the picture wait once for each segment. */
import type { HlsConfig } from 'hls.js'

type Feeder = NonNullable<HlsConfig['bufferController']>

/** What hls.js 1.7.4 keeps to itself; `block-sound-once.test.ts` says when that has changed. */
type Blocking = new (
  ...all: ConstructorParameters<Feeder>
) => {
  blockAudio(of: unknown): void
  isAudioBlocking(): boolean
}

/**
 * hls.js puts a barrier before each part of sound that is ahead of the picture, and a picture from elsewhere takes away
 * one: after a seek the second part of a segment waited for a picture that nobody would load any more, and no sound came.
 */
export function blockSoundOnce(base: Feeder | undefined): { bufferController?: Feeder } {
  if (!base) return {}
  const Base = base as unknown as Blocking
  class OneBarrier extends Base {
    override blockAudio(of: unknown): void {
      if (!this.isAudioBlocking()) super.blockAudio(of)
    }
  }
  return { bufferController: OneBarrier as unknown as Feeder }
}
