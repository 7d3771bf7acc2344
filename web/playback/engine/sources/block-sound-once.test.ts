import HlsJs, { type HlsConfig } from 'hls.js'
import { expect, it } from 'vitest'
import { blockSoundOnce } from './block-sound-once.ts'

it('puts one barrier before sound that waits, however many parts of it there are', () => {
  const blocked: string[] = []
  class Base {
    blockAudio(of: string) {
      blocked.push(of)
    }
    isAudioBlocking() {
      return blocked.length > 0
    }
  }
  const { bufferController } = blockSoundOnce(Base as unknown as NonNullable<HlsConfig['bufferController']>)
  const feeder = new (bufferController as unknown as typeof Base)()
  feeder.blockAudio('first part')
  feeder.blockAudio('second part')
  expect(blocked).toEqual(['first part'])
})

it('finds in hls.js what it changes', () => {
  expect(HlsJs.DefaultConfig.bufferController?.prototype).toMatchObject({
    blockAudio: expect.any(Function),
    isAudioBlocking: expect.any(Function),
  })
})
