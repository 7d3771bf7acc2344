/** How fast the swarm may run, by the time of day. Pure. */
import * as z from 'zod'

/** Bytes per second over all torrents; undefined is no limit. */
export type Rates = { download: number | undefined; upload: number | undefined }

/** From the first minute of the day (inclusive) to the last (exclusive); past midnight when it ends before it begins. */
export type RateWindow = {
  fromMinute: number
  toMinute: number
  /** What the window says; `off` lifts the limit, undefined leaves it as it is outside. */
  download: number | 'off' | undefined
  upload: number | 'off' | undefined
}

const MOST_WINDOWS = 24
const entry = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})((?: (?:down|up)=(?:off|\d{3,12}))+)$/

/** `18:00-23:30 down=4000000 up=100000, 01:00-06:00 down=off up=off`: the first window that fits counts. */
export const RateSchedule = z.string().transform((text, context): RateWindow[] => {
  const parts = text
    .split(',')
    .map((part) => part.trim().replace(/\s+/g, ' '))
    .filter(Boolean)
  const windows = parts.map(readWindow).filter((window) => window !== undefined)
  if (windows.length === parts.length && parts.length <= MOST_WINDOWS) return windows
  context.addIssue({
    code: 'custom',
    message: 'must be like "18:00-23:30 down=4000000 up=100000", in bytes per second or off, separated by commas',
  })
  return z.NEVER
})

function readWindow(text: string): RateWindow | undefined {
  const found = entry.exec(text)
  if (!found) return undefined
  const [hours, minutes, toHours, toMinutes] = found.slice(1, 5).map(Number) as [number, number, number, number]
  if (minutes > 59 || toMinutes > 59) return undefined
  const [fromMinute, toMinute] = [hours * 60 + minutes, toHours * 60 + toMinutes]
  if (fromMinute >= 1440 || toMinute > 1440 || fromMinute === toMinute) return undefined
  const rate = (name: 'down' | 'up') => {
    const word = new RegExp(` ${name}=(\\w+)`).exec(found[5] ?? '')?.[1]
    return word === undefined || word === 'off' ? word : Number(word)
  }
  return {
    fromMinute,
    toMinute,
    download: rate('down') as RateWindow['download'],
    upload: rate('up') as RateWindow['upload'],
  }
}

/** The limits at this minute of the day; `usual` holds outside every window, and where a window says nothing. */
export function ratesAt(minuteOfDay: number, usual: Rates, schedule: readonly RateWindow[]): Rates {
  const window = schedule.find(({ fromMinute, toMinute }) =>
    fromMinute < toMinute
      ? fromMinute <= minuteOfDay && minuteOfDay < toMinute
      : minuteOfDay >= fromMinute || minuteOfDay < toMinute,
  )
  const pick = (name: 'download' | 'upload') => {
    const said = window?.[name]
    return said === undefined ? usual[name] : said === 'off' ? undefined : said
  }
  return { download: pick('download'), upload: pick('upload') }
}

/** By the clock on the wall, where the agent is. */
export const minuteOfDay = (at: Date): number => at.getHours() * 60 + at.getMinutes()
