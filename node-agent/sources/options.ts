/** The kinds of settings that providers have: checked as text, and drawn as a form by their JSON schema. */
import * as z from 'zod'

type Words = { title: string; description: string }

/** The origin of an address, or the whole of it, that the operator enters. */
const url = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: 'must be an address such as https://index.example',
    abort: true,
  })
  .refine((text) => new URL(text).username === '' && new URL(text).password === '', {
    error: 'must not hold a name or a password',
  })

export const addressOption = (words: Words) => url.meta({ ...words, format: 'uri' })

/** Never shown again once it is entered, and never logged. */
export const secretOption = (words: Words) =>
  z
    .string()
    .trim()
    .min(1)
    .max(500)
    .meta({ ...words, writeOnly: true })

export const textOption = (words: Words) => z.string().trim().min(1).max(2000).meta(words)

export const wholeNumberOption = (min: number, max: number, words: Words) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: `must be a whole number from ${min} to ${max}` })
    .refine((text) => Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .meta(words)

/** Separated by spaces or commas. */
export const listOption = <Item extends z.ZodType<string, string>>(item: Item, most: number, words: Words) =>
  z
    .string()
    .max(20_000)
    .meta(words)
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(item).min(1).max(most))

export const addressListOption = (most: number, words: Words) => listOption(url, most, words)

export type OptionField = {
  name: string
  title: string
  description: string
  isRequired: boolean
  isSecret: boolean
  /** `uri` for an address. */
  format?: string
}

const JsonSchema = z.object({
  required: z.array(z.string()).default([]),
  properties: z.record(
    z.string(),
    z.object({
      title: z.string(),
      description: z.string(),
      writeOnly: z.boolean().default(false),
      format: z.string().optional(),
    }),
  ),
})

/** What a form needs to know of a provider's settings, in their order. */
export function describeOptions(options: z.ZodObject): OptionField[] {
  const { properties, required } = JsonSchema.parse(z.toJSONSchema(options, { io: 'input' }))
  return Object.entries(properties).map(([name, { title, description, writeOnly, format }]) => ({
    ...{ name, title, description, isRequired: required.includes(name), isSecret: writeOnly },
    ...(format === undefined ? {} : { format }),
  }))
}
