/** Sizes as people write them: `200GB`, `1.5 TiB`, or a plain number of bytes. */
import * as z from 'zod'

const units: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
}

/** Whole bytes, from `min` to a petabyte. */
export const byteSize = (min: number) =>
  z.string().transform((text, context): number => {
    const found = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{0,3})$/i.exec(text.trim())
    const unit = units[(found?.[2] ?? '').toUpperCase()]
    const bytes = found && unit !== undefined ? Math.floor(Number(found[1]) * unit) : Number.NaN
    if (bytes >= min && bytes <= 1e15) return bytes
    context.addIssue({ code: 'custom', message: `must be a size such as 200GB or 1.5TiB, at least ${min} bytes` })
    return z.NEVER
  })
