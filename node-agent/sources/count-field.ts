/** A whole number as upstreams give it: a number, digits in a text, or nothing of use, which is as good as not said. */
import * as z from 'zod'

export const countField = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.int().nonnegative())
  .optional()
  .catch(undefined)
