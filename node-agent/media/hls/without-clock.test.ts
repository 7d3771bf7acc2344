import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutClock } from './without-clock.ts'

const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + body.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, body])
}
const dated = (type: string, version: number, at: number): Buffer => {
  const times = Buffer.alloc(version === 1 ? 16 : 8, at)
  return box(type, Buffer.from([version, 0, 0, 7]), times, Buffer.from('the rest stays'))
}
const init = (version: number, at: number) =>
  Buffer.concat([
    box('ftyp', Buffer.from('iso5')),
    box(
      'moov',
      dated('mvhd', version, at),
      box('trak', dated('tkhd', version, at), box('mdia', dated('mdhd', version, at))),
    ),
  ])

describe('an init segment', () => {
  it.each([0, 1])('says nothing of when it was written, in version %i', (version) => {
    expect(withoutClock(init(version, 9))).toEqual(init(version, 0))
  })

  it('is left as it is where it is no MP4, and never read past its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(withoutClock(bytes.slice())).toHaveLength(bytes.length)
      }),
    )
  })
})
