/** The small parts of reading a transport stream, each by itself: tables, parameters, NAL units, frames of sound. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countPictures, lengthPrefixed, nalUnits, pictureHead } from './annex-b.ts'
import { isCodedInFrames } from './coded-in-frames.ts'
import { layoutOf, payloadAt } from './packets.ts'
import { readPesHead } from './pes.ts'
import { soundsOf } from './program-map.ts'
import { type ReadSoundFrame, soundReader } from './sound-frames.ts'
import { splitSound } from './split-sound.ts'
import { adtsFrame, FIELD_PARAMETERS, FRAME_PARAMETERS, picture } from './write-transport-for-tests.ts'

const layout = { firstByte: 0, strideBytes: 188 } as const

/** Bits of ue(v), H.264 §9.1. */
const golomb = (value: number) => {
  const bits = (value + 1).toString(2)
  return '0'.repeat(bits.length - 1) + bits
}

describe('sequence parameters', () => {
  it('of x264 say whether there may be fields', () => {
    expect(isCodedInFrames(FRAME_PARAMETERS)).toBe(true)
    expect(isCodedInFrames(FIELD_PARAMETERS)).toBe(false)
    expect(isCodedInFrames(Buffer.from('67f4000c919b282833f1b808800000030080000018078a14cb', 'hex'))).toBe(true)
  })

  it('of anybody do, whatever stands before it', () => {
    const small = fc.nat(30)
    const list = fc.option(fc.array(fc.nat(20), { minLength: 64, maxLength: 64 }))
    const parameters = fc.record({
      ...{
        isHigh: fc.boolean(),
        chroma: fc.nat(3),
        lists: fc.option(fc.array(list, { minLength: 12, maxLength: 12 })),
      },
      ...{
        order: fc.nat(2),
        cycle: fc.array(small, { maxLength: 5 }),
        numbers: fc.tuple(small, small, small, small, small, small),
        isFrames: fc.boolean(),
      },
    })
    fc.assert(
      fc.property(parameters, ({ isHigh, chroma, lists, order, cycle, numbers: [a, b, c, d, e, f], isFrames }) => {
        const scaling = (lists ?? []).slice(0, chroma === 3 ? 12 : 8).map((codes, n) => {
          if (!codes) return '0'
          // A list ends early where its next scale would be 0.
          let [last, next, bits] = [8, 8, '1']
          for (const code of codes.slice(0, n < 6 ? 16 : 64)) {
            if (next === 0) break
            bits += golomb(code)
            next = (last + (code % 2 === 1 ? (code + 1) / 2 : -code / 2) + 256) % 256
            if (next !== 0) last = next
          }
          return bits
        })
        const high =
          golomb(chroma) +
          (chroma === 3 ? '0' : '') +
          golomb(a) +
          golomb(b) +
          '0' +
          (lists ? `1${scaling.join('')}` : '0')
        const orders =
          [golomb(c), `0${golomb(c)}${golomb(d)}${golomb(cycle.length)}${cycle.map(golomb).join('')}`, ''][order] ?? ''
        const bits = `${golomb(0)}${isHigh ? high : ''}${golomb(e)}${golomb(order)}${orders}${golomb(f)}0${golomb(a)}${golomb(b)}${isFrames ? '1' : '0'}1`
        const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? []
        const plain = [isHigh ? 100 : 77, 0, 40, ...bytes]
        const escaped: number[] = []
        for (const byte of plain) {
          if (byte <= 3 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3)
          escaped.push(byte)
        }
        expect(isCodedInFrames(Uint8Array.from([0x67, ...escaped]))).toBe(isFrames)
      }),
    )
  })

  it('that are noise are read to an end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(isCodedInFrames(bytes)).toBeTypeOf('boolean')
      }),
    )
  })
})

describe('pictures behind start codes', () => {
  it('are told by their NAL units', () => {
    expect(pictureHead('h264', picture('idr'), false)?.kind).toBe('idr')
    expect(pictureHead('h264', picture('recovery'), false)?.kind).toBe('recovery')
    expect(pictureHead('h264', picture('other'), true)?.kind).toBe('recovery')
    expect(pictureHead('h264', picture('other'), false)).toEqual({ kind: 'other', parameters: undefined })
    expect(pictureHead('h264', picture('idr').subarray(0, 20), true)).toBeUndefined()
    const hevc = (type: number) => Buffer.from([0, 0, 1, type << 1, 1, 0x80, 9])
    expect([1, 16, 19, 20, 21].map((type) => pictureHead('hevc', hevc(type), true)?.kind)).toEqual([
      'other',
      'idr',
      'idr',
      'idr',
      'recovery',
    ])
    expect(countPictures('hevc', Buffer.concat([hevc(19), hevc(1)]))).toBe(2)
    expect(countPictures('h264', Buffer.concat([picture('idr'), picture('other')]))).toBe(2)
  })

  it('become the same NAL units behind lengths, whatever they are', () => {
    // A NAL unit holds no start code, and does not end in zero (H.264 §7.4.1).
    const nal = fc
      .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 40 })
      .map((rest) => Uint8Array.from([0x65, ...rest]))
    fc.assert(
      fc.property(fc.array(fc.tuple(nal, fc.boolean()), { maxLength: 6 }), (nals) => {
        const data = Buffer.concat(
          nals.flatMap(([bytes, isLong]) => [Buffer.from(isLong ? [0, 0, 0, 1] : [0, 0, 1]), bytes]),
        )
        expect([...nalUnits(data)].map((bytes) => Buffer.from(bytes))).toEqual(
          nals.map(([bytes]) => Buffer.from(bytes)),
        )
        const whole = Buffer.from(lengthPrefixed('h264', data))
        for (let [at, n] = [0, 0]; at < whole.length; n++) {
          const size = whole.readUInt32BE(at)
          expect(whole.subarray(at + 4, at + 4 + size)).toEqual(Buffer.from(nals[n]?.[0] ?? []))
          at += 4 + size
        }
      }),
    )
  })
})

describe('frames of sound', () => {
  it.each<[string, string, string, object]>([
    ['AAC at 48 kHz', 'mp4a.40.2', 'fff14c8005ffFC', { sizeBytes: 47, headerBytes: 7, samples: 1024, rate: 48_000 }],
    ['AC-3 at 448 kbit/s', 'ac-3', '0b7700001e40', { sizeBytes: 1792, samples: 1536, rate: 48_000 }],
    ['AC-3 at 44.1 kHz', 'ac-3', '0b7700004f40', { sizeBytes: 488, samples: 1536, rate: 44_100 }],
    ['E-AC-3', 'ec-3', '0b7702ff3480', { sizeBytes: 1536, samples: 1536, rate: 48_000 }],
    ['more channels of E-AC-3', 'ec-3', '0b7742ff3480', { sizeBytes: 1536, continuesLast: true }],
    ['MP3 at 128 kbit/s', 'mp3', 'fffb9464', { sizeBytes: 384, samples: 1152, rate: 48_000 }],
  ])('are measured: %s', (_what, codec, hex, expected) => {
    expect(soundReader(codec)?.(Buffer.from(hex, 'hex'), 0)).toMatchObject(expected)
  })

  it.each<[string, string, string]>([
    ['layer II', 'mp3', 'fffd9464'],
    ['noise', 'mp4a.40.2', '00112233445566'],
    ['an AAC header of no rate', 'mp4a.40.2', 'fff17c8005fffc'],
    ['nothing', 'ac-3', ''],
  ])('are none of %s', (_what, codec, hex) => {
    expect(soundReader(codec)?.(Buffer.from(hex, 'hex'), 0)).toBeUndefined()
  })

  const read = soundReader('mp4a.40.2') as ReadSoundFrame
  it('are found wherever packets cut them, each with its time', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 12 * 47 - 1 }), { maxLength: 8 })
    fc.assert(
      fc.property(cuts, (places) => {
        const all = Buffer.concat(Array.from({ length: 12 }, (_, n) => adtsFrame(n)))
        const bounds = [0, ...places.sort((a, b) => a - b), all.length]
        const units = bounds.slice(1).map((end, n) => {
          const at = bounds[n] ?? 0
          // The time is that of the first frame that begins in it; who begins none has none.
          const first = Math.ceil(at / 47)
          return { at, ticks: first * 47 < end ? 90_000 + first * 1920 : undefined, data: all.subarray(at, end) }
        })
        const frames = splitSound(units, read, 90_000)
        expect(frames.map(({ data }) => data[0])).toEqual(Array.from({ length: 12 }, (_, n) => n))
        for (const [n, { seconds }] of frames.entries()) expect(seconds).toBeCloseTo(1 + (n * 1024) / 48_000, 9)
      }),
    )
  })

  it('are no more, and no longer, than sound can be, whatever is sent for it', () => {
    const dolby = soundReader('ec-3') as ReadSoundFrame
    const frame = (isMore: boolean) => Buffer.from([0x0b, 0x77, isMore ? 0x40 : 0, 2, 0x30, 0x80])
    const repeat = (one: Buffer, count: number) => Buffer.alloc(one.length * count, one)
    const split = (data: Uint8Array) => splitSound([{ at: 0, ticks: 0, data }], dolby, 0)
    const more = split(Buffer.concat([frame(false), repeat(frame(true), 1_000_000), frame(false)]))
    expect(more.map(({ data }) => data.length)).toEqual([9 * 6, 6])
    expect(split(repeat(frame(false), 1_000_000))).toHaveLength(100_000)
  })

  it('begin with the first whole one, and go on after noise', () => {
    const cut = Buffer.concat([
      adtsFrame(1).subarray(20),
      adtsFrame(2),
      Buffer.alloc(30, 0xff),
      adtsFrame(3),
      adtsFrame(4),
    ])
    const frames = splitSound([{ at: 0, ticks: 0, data: cut }], read, 0)
    expect(frames.map(({ data }) => data[0])).toEqual([3, 4])
  })
})

describe('tables of programs', () => {
  const section = (pid: number, table: number[]) => {
    const head = [0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10, 0]
    return Buffer.concat([Buffer.from([...head, ...table, 0, 0, 0, 0]), Buffer.alloc(188)]).subarray(0, 188)
  }
  const association = (programs: number[]) =>
    section(0, [0, 0xb0, 5 + programs.length + 4, 0, 1, 0xc1, 0, 0, ...programs])
  const map = (streams: number[]) =>
    section(0x1000, [2, 0xb0, 9 + streams.length + 4, 0, 1, 0xc1, 0, 0, 0xe1, 0, 0xf0, 0, ...streams])

  it('name all sound, also what nobody here can read', () => {
    const aac = [0x0f, 0xe1, 1, 0xf0, 6, 0x0a, 4, 0x65, 0x6e, 0x67, 0]
    const latm = [0x11, 0xe1, 2, 0xf0, 0]
    const dvb = [0x06, 0xe1, 3, 0xf0, 3, 0x6a, 1, 0]
    const teletext = [0x06, 0xe1, 4, 0xf0, 2, 0x56, 0]
    const opus = [0x06, 0xe1, 5, 0xf0, 6, 0x05, 4, ...Buffer.from('Opus')]
    const video = [0x1b, 0xe1, 0, 0xf0, 0]
    const bytes = Buffer.concat([
      association([0, 1, 0xf0, 0]),
      map([...video, ...aac, ...latm, ...dvb, ...teletext, ...opus]),
    ])
    expect(soundsOf(bytes, layout)).toEqual([
      { pid: 0x101, format: 'aac', language: 'eng' },
      { pid: 0x102, format: 'aac_latm' },
      { pid: 0x103, format: 'ac3' },
      { pid: 0x105, format: 'opus' },
    ])
  })

  it('that are noise name nothing that is no stream', () => {
    const bytes = Buffer.concat([association([0, 1, 0xf0, 0]), map([0x0f, 0xe1, 1, 0xf0, 0])])
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Uint8Array.from(bytes)
        for (const [at, value] of changes) damaged[at] = value
        for (const { pid, format } of soundsOf(damaged, layout)) {
          expect(pid).toBeLessThan(0x2000)
          expect(format).toMatch(/^[a-z0-9_]+$/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

it('packets and their headers are told from noise, and read only themselves', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1100 }), (bytes) => {
      layoutOf(bytes)
      expect(payloadAt(bytes, 0)).toBeLessThanOrEqual(188)
      const head = readPesHead(bytes)
      if (head?.ticks !== undefined) expect(head.ticks).toBeLessThan(2 ** 33)
    }),
  )
  expect(layoutOf(Buffer.alloc(2000))).toBeUndefined()
})
