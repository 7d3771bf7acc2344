/** Fields of the archive's answers: text, a number as text, or a list of either, whoever filled them in. */
import * as z from 'zod'

const any = z.union([z.string(), z.number()])

/** The first of what is there; undefined when there is nothing, or something else. */
export const firstText = z
  .union([any, z.array(any)])
  .transform((value) => [value].flat()[0]?.toString())
  .optional()
  .catch(undefined)

/** As `firstText`, of `1968`, `"1968"`, `["1968-10-01"]`: the number it begins with. */
export const firstNumber = firstText.transform((text) => {
  const [digits] = /^\d{1,15}(\.\d+)?/.exec(text?.trim() ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
})

/** `5758.6`, `"1:35:58"`, `"95:58"`: in seconds. */
export const firstSeconds = firstText.transform((text) => {
  const parts = (text ?? '').trim().split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d{1,7}(\.\d+)?$/.test(part))) return undefined
  return parts.reduce((seconds, part) => seconds * 60 + Number(part), 0)
})
