/** Limits by the time of day: read from one line, and looked up by the minute. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minuteOfDay, RateSchedule, ratesAt } from './rate-schedule.ts'

const usual = { download: 9000, upload: 900 }
const at = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

describe('RateSchedule', () => {
  it.each([
    ['', 0],
    ['18:00-23:30 down=4000000 up=100000', 1],
    ['18:00-23:30 down=4000000, 01:00-06:00 down=off up=off', 2],
    ['  0:00-24:00   up=500 ,', 1],
  ])('reads %j', (text, windows) => {
    expect(RateSchedule.parse(text)).toHaveLength(windows)
  })

  it.each([
    'always',
    '18:00-23:30',
    '18:00-18:00 down=1000',
    '24:00-25:00 down=1000',
    '18:60-19:00 down=1000',
    '18:00-23:30 down=0',
    '18:00-23:30 down=10',
    '18:00-23:30 sideways=1000',
    '18:00-23:30 down=1000; 01:00-02:00 down=1000',
    Array(25).fill('18:00-23:30 down=1000').join(','),
  ])('refuses %j', (text) => {
    expect(RateSchedule.safeParse(text).success).toBe(false)
  })

  it('reads or refuses any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof RateSchedule.safeParse(text).success === 'boolean'))
  })

  it.each<[string, string, number | undefined, number | undefined]>([
    ['00:30', 'before', 9000, 900],
    ['01:00', 'from the first minute', undefined, 900],
    ['05:59', 'to the last', undefined, 900],
    ['06:00', 'and no longer', 9000, 900],
    ['18:00', 'both', 4000, 100],
    ['23:30', 'over midnight', 9000, 500],
    ['00:15', 'over midnight, on the other side', 9000, 500],
    ['00:20', 'after it', 9000, 900],
  ])('holds at %s (%s)', (time, _what, download, upload) => {
    const schedule = RateSchedule.parse('01:00-06:00 down=off, 18:00-23:30 down=4000 up=100, 23:30-00:20 up=500')
    expect(ratesAt(at(time), usual, schedule)).toEqual({ download, upload })
  })

  it('always says the usual rates or those of one of its windows', () => {
    const time = fc.integer({ min: 0, max: 1439 })
    const rate = fc.option(fc.oneof(fc.integer({ min: 100, max: 999 }), fc.constant('off' as const)), {
      nil: undefined,
    })
    const window = fc.record({ fromMinute: time, toMinute: time, download: rate, upload: rate })
    fc.assert(
      fc.property(fc.array(window), time, (windows, minute) => {
        const { download } = ratesAt(minute, usual, windows)
        const said = windows.map((one) => (one.download === 'off' ? undefined : (one.download ?? usual.download)))
        expect([usual.download, ...said]).toContain(download)
      }),
    )
  })

  it('goes by the clock on the wall', () => {
    expect(minuteOfDay(new Date(2026, 5, 1, 18, 30))).toBe(18 * 60 + 30)
  })
})
