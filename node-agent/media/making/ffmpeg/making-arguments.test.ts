/** What ffmpeg is told, as far as it can be judged without the hardware that it is meant for. */
import { describe, expect, it } from 'vitest'
import { hardwareEncoders, softwareEncoder } from './encoders.ts'
import { videoArguments, videoInitArguments } from './making-arguments.ts'
import { videoShape } from './video-shape.ts'

const track = { id: 1, width: 1280, height: 720, framesPerSecond: 24 }
const shape = videoShape(track, 720)
const film = {
  ...{ contentType: 'video/x-matroska', startSeconds: 0, stream: 'V:0', firstIndex: 1 },
  grid: [0, 6].map((startSeconds) => ({ startSeconds, endSeconds: startSeconds + 6 })),
}

describe.each([...hardwareEncoders, softwareEncoder(2)])('what $name is told', (encoder) => {
  it.each([
    ['for the frame that it is tried with', videoInitArguments(shape, encoder)],
    ['for a film', videoArguments(film, track, shape, encoder)],
  ])('is to open its device before frames are brought to it, %s', (_what, args) => {
    const filters = args[args.indexOf('-vf') + 1] ?? ''
    const [deviceAt, filterDeviceAt] = [args.indexOf('-init_hw_device'), args.indexOf('-filter_hw_device')]
    const opens = deviceAt >= 0 && filterDeviceAt > deviceAt && filterDeviceAt < args.indexOf('-i')
    expect(opens).toBe(filters.includes('hwupload'))
    // Frames are brought last: no filter of ours runs on the device.
    if (opens) expect(filters).toMatch(/,format=nv12,hwupload(=[^,]*)?$/)
  })

  it('is to make an IDR where a segment begins, and nothing that a decoder must wait for', () => {
    const args = videoArguments(film, track, shape, encoder)
    const argumentAfter = (name: string) => args[args.indexOf(name) + 1]
    expect(argumentAfter('-force_key_frames')).toBe('133.999000')
    expect([argumentAfter('-bf'), argumentAfter('-flags'), argumentAfter('-profile:v')]).toEqual(['0', '+cgop', 'high'])
    expect(Number(argumentAfter('-g'))).toBeGreaterThan(60_000)
    // VAAPI needs no telling: every keyframe of it is an IDR (idr_interval 0).
    const isTold = args.includes('-forced-idr') || args.includes('-forced_idr')
    expect(isTold || encoder.name === 'h264_vaapi').toBe(true)
  })
})
