/** What reading a transport stream through finds: true indexes of made ones, nothing of what cannot be copied, never a crash. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Layout } from './packets.ts'
import { nearTo, readUnits, TICKS_PER_SECOND } from './pes.ts'
import { readThrough } from './read-through.ts'
import { soundReader } from './sound-frames.ts'
import { splitSound } from './split-sound.ts'
import {
  adtsFrame,
  FIELD_PARAMETERS,
  picture,
  SOUND_PID,
  type UnitToWrite,
  VIDEO_PID,
  writeTransport,
} from './write-transport-for-tests.ts'

const layout: Layout = { firstByte: 0, strideBytes: 188 }
const FRAME_TICKS = 3600
const SOUND_TICKS = 1920
const FRAME_BYTES = adtsFrame(0).length

const look = (bytes: Uint8Array, how = layout, codec: 'h264' | 'hevc' = 'h264') => {
  const read = async (start: number, end: number) => bytes.subarray(start, end)
  return readThrough({ sizeBytes: bytes.length, read }, how, { pid: VIDEO_PID, codec }, [SOUND_PID])
}

/**
 * Two seconds of pictures between keyframes at 25 a second; sound is sent `lateTicks` after the pictures it belongs to, in
 * packets that hold `packetBytes` of it wherever its frames end, and where `isHeard`.
 */
function film({
  seconds = 8,
  firstTicks = 126_000,
  lateTicks = 0,
  kind = 'idr' as 'idr' | 'recovery',
  packetBytes = FRAME_BYTES,
  isHeard = (_seconds: number): boolean => true,
} = {}): UnitToWrite[] {
  const pictures = Array.from({ length: seconds * 25 }, (_, n) => {
    const isKey = n % 50 === 0
    const ticks = firstTicks + n * FRAME_TICKS
    const data = picture(n === 0 ? 'idr' : isKey ? kind : 'other', n % 300)
    return { sent: ticks, unit: { pid: VIDEO_PID, ticks, data, isRandomAccess: isKey } }
  })
  const count = Math.floor((seconds * TICKS_PER_SECOND) / SOUND_TICKS)
  const sound = Buffer.concat(Array.from({ length: count }, (_, n) => adtsFrame(n % 256)))
  const sounds = Array.from({ length: Math.ceil(sound.length / packetBytes) }, (_, n) => {
    const data = sound.subarray(n * packetBytes, (n + 1) * packetBytes)
    // The time is that of the first frame that begins in it; who begins none has none.
    const first = Math.ceil((n * packetBytes) / FRAME_BYTES)
    const ticks = firstTicks + first * SOUND_TICKS
    const beginsFrame = first * FRAME_BYTES < n * packetBytes + data.length
    return { sent: ticks + lateTicks, unit: { pid: SOUND_PID, data, ...(beginsFrame ? { ticks } : {}) } }
  }).filter(({ sent }) => isHeard((sent - lateTicks - firstTicks) / TICKS_PER_SECOND))
  return [...pictures, ...sounds].sort((a, b) => a.sent - b.sent).map(({ unit }) => unit)
}

describe('a transport stream that is read through', () => {
  it('has its keyframes, its beginning and its end found, to the tick', async () => {
    const found = await look(writeTransport(film()))
    expect(found?.keyframes).toMatchObject({ isClosed: true, timesSeconds: [1.4, 3.4, 5.4, 7.4] })
    expect(found).toMatchObject({ startSeconds: 1.4, framesPerSecond: 25 })
    expect(found?.endSeconds).toBeCloseTo(9.4, 6)
  })

  it('says between which bytes all the sound of a moment is, however late or early it is sent, and cut', async () => {
    const lateness = fc.integer({ min: -TICKS_PER_SECOND, max: 2 * TICKS_PER_SECOND })
    const anywhere = fc.integer({ min: 0, max: 2 ** 33 - 1 })
    const packets = fc.oneof(fc.constant(FRAME_BYTES), fc.integer({ min: 20, max: 400 }))
    await fc.assert(
      fc.asyncProperty(lateness, anywhere, packets, async (lateTicks, firstTicks, packetBytes) => {
        const bytes = writeTransport(film({ lateTicks, firstTicks, packetBytes }))
        const { keyframes } = (await look(bytes)) ?? {}
        const read = soundReader('mp4a.40.2')
        if (!keyframes?.places || !read) throw new Error('no places')
        expect(keyframes.timesSeconds.map((at, n, all) => at - (all[n - 1] ?? at - 2))).toEqual(
          [2, 2, 2, 2].map((s) => expect.closeTo(s, 6)),
        )
        const heard: number[] = []
        for (const [n, { pictureByte }] of keyframes.places.entries()) {
          expect([...readUnits(bytes.subarray(pictureByte), layout, VIDEO_PID)][0]?.at).toBe(0)
          const from = n === 0 ? 0 : keyframes.places[n]?.fromByte
          const units = [...readUnits(bytes.subarray(from, keyframes.places[n + 1]?.toByte), layout, SOUND_PID)]
          const [begin, end] = [
            keyframes.timesSeconds[n] ?? 0,
            keyframes.timesSeconds[n + 1] ?? Number.POSITIVE_INFINITY,
          ]
          const frames = splitSound(units, read, begin * TICKS_PER_SECOND)
          heard.push(
            ...frames
              .filter(({ seconds }) => seconds >= begin - 0.0005 && seconds < end - 0.0005)
              .map(({ data }) => data[0] ?? -1),
          )
        }
        // Each frame once, in order.
        expect(heard).toEqual(Array.from({ length: 375 }, (_, n) => n % 256))
      }),
      { numRuns: 30 },
    )
  })

  it.each<[string, (seconds: number) => boolean]>([
    ['begins late', (seconds) => seconds >= 40],
    ['ends early', (seconds) => seconds < 6],
    ['is silent in between', (seconds) => seconds < 6 || seconds >= 40],
    ['is never there', () => false],
  ])('is not looked through for sound that %s', async (_what, isHeard) => {
    const found = await look(writeTransport(film({ seconds: 60, isHeard })))
    expect(found?.keyframes.timesSeconds).toHaveLength(30)
    const silent = found?.keyframes.places?.slice(9, 14) ?? []
    for (const { pictureByte, fromByte, toByte } of silent) {
      expect([fromByte, toByte]).toEqual([pictureByte, pictureByte])
    }
  })

  it('is the same over the wrap of its times, and begins below zero before it', async () => {
    const found = await look(writeTransport(film({ firstTicks: 2 ** 33 - 3 * TICKS_PER_SECOND })))
    expect(found?.startSeconds).toBeCloseTo(-3, 6)
    expect(found?.keyframes.timesSeconds).toEqual([-3, -1, 1, 3].map((seconds) => expect.closeTo(seconds, 6)))
  })

  it('is told from one with open groups', async () => {
    const found = await look(writeTransport(film({ kind: 'recovery', seconds: 20 })))
    expect(found?.keyframes.isClosed).toBe(false)
    expect(found?.keyframes.timesSeconds).toHaveLength(10)
  })

  it('is read in every layout that there is', async () => {
    const plain = writeTransport(film())
    const padded = (before: number, after: number) =>
      Buffer.concat(
        Array.from({ length: plain.length / 188 }, (_, n) =>
          Buffer.concat([Buffer.alloc(before), plain.subarray(n * 188, (n + 1) * 188), Buffer.alloc(after)]),
        ),
      )
    const expected = (await look(plain))?.keyframes.timesSeconds
    for (const [before, after] of [
      [4, 0],
      [0, 16],
    ] as const) {
      const how = { firstByte: before, strideBytes: before ? (192 as const) : (204 as const) }
      expect((await look(padded(before, after), how))?.keyframes.timesSeconds).toEqual(expected)
    }
  })

  const changed = (change: (unit: UnitToWrite, n: number) => UnitToWrite | UnitToWrite[]) =>
    writeTransport(film().flatMap(change))
  const isPicture = ({ pid }: UnitToWrite) => pid === VIDEO_PID
  it.each<[string, () => Buffer]>([
    [
      'whose pictures may be fields',
      () =>
        changed((unit) =>
          isPicture(unit) && unit.isRandomAccess ? { ...unit, data: picture('idr', 0, FIELD_PARAMETERS) } : unit,
        ),
    ],
    [
      'with two pictures in a packet',
      () =>
        changed((unit, _n) =>
          isPicture(unit) && unit.ticks === 126_000 + 9 * FRAME_TICKS
            ? { ...unit, data: Buffer.concat([unit.data, unit.data]) }
            : unit,
        ),
    ],
    // Four megabytes looked at anew with each of their packets would outlast any patience.
    [
      'with megabytes that hold no picture',
      () =>
        changed((unit) =>
          isPicture(unit) && unit.ticks === 126_000 + 9 * FRAME_TICKS
            ? { ...unit, data: Buffer.concat([Buffer.from([0, 0, 1, 9]), Buffer.alloc(4_000_000)]) }
            : unit,
        ),
    ],
    [
      'with pictures that have no time',
      () =>
        changed(({ ticks, ...unit }, n) =>
          isPicture(unit) && n > 200 ? unit : { ...unit, ...(ticks === undefined ? {} : { ticks }) },
        ),
    ],
    [
      'whose pictures begin in the middle of a packet',
      () =>
        changed((unit, _n) =>
          isPicture(unit) && unit.ticks === 126_000 + 60 * FRAME_TICKS
            ? { ...unit, data: Buffer.concat([Buffer.from([1, 2, 3, 4]), unit.data]) }
            : unit,
        ),
    ],
    ['whose times jump back', () => writeTransport([...film({ seconds: 60 }), ...film()])],
    [
      'whose parameters change',
      () =>
        changed((unit, n) =>
          isPicture(unit) && unit.isRandomAccess && n > 100
            ? {
                ...unit,
                data: picture('idr', 0, Buffer.from('67f4000c919b282833f1b808800000030080000018078a14cb', 'hex')),
              }
            : unit,
        ),
    ],
    [
      'that loses its step',
      () => Buffer.concat([writeTransport(film()), Buffer.alloc(40), writeTransport(film({ firstTicks: 900_000 }))]),
    ],
    [
      'without a keyframe',
      () => changed((unit) => (isPicture(unit) ? { ...unit, isRandomAccess: false, data: picture('other') } : unit)),
    ],
    ['that is empty', () => Buffer.alloc(0)],
  ])('%s is not one to copy from', async (_what, bytes) => {
    expect(await look(bytes())).toBeUndefined()
  })

  it('that is damaged anywhere has an index in order, or none', async () => {
    const whole = writeTransport(film({ seconds: 4 }))
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        damage,
        fc.nat(whole.length),
        fc.constantFrom('h264' as const, 'hevc' as const),
        async (changes, length, codec) => {
          const bytes = Uint8Array.from(whole.subarray(0, length))
          for (const [at, value] of changes) if (at < length) bytes[at] = value
          const { keyframes } = (await look(bytes, layout, codec)) ?? {}
          if (!keyframes) return
          expect(keyframes.places).toHaveLength(keyframes.timesSeconds.length)
          for (const [n, place] of keyframes.places?.entries() ?? []) {
            expect(keyframes.timesSeconds[n]).toBeGreaterThan(keyframes.timesSeconds[n - 1] ?? Number.NEGATIVE_INFINITY)
            expect(place.pictureByte).toBeGreaterThan(keyframes.places?.[n - 1]?.pictureByte ?? -1)
            expect(place.fromByte).toBeLessThanOrEqual(place.pictureByte)
            expect(place.toByte).toBeGreaterThanOrEqual(place.pictureByte)
            expect(place.toByte).toBeLessThanOrEqual(length)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('a time of 33 bits is taken for the one that is nearest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
      (near, away) => {
        const raw = (((near + away) % 2 ** 33) + 2 ** 33) % 2 ** 33
        expect(nearTo(near, raw)).toBe(near + away)
      },
    ),
  )
})
