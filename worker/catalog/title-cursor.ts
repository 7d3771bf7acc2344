/** Where a page of titles by name goes on: after which title, as text that means nothing to anybody else. */
import * as z from 'zod'
import { decodeBase64Url, encodeBase64Url } from '#protocol/base64url.ts'

const Place = z.tuple([z.string().max(300), z.string().max(80)])

/** Parsed at the door; whatever is no cursor of ours is refused. */
export const TitleCursor = z
  .string()
  .max(2000)
  .transform((text, context) => {
    const place = Place.safeParse(readJson(text)).data
    if (place) return { name: place[0], id: place[1] }
    context.addIssue({ code: 'custom', message: 'is not a cursor' })
    return z.NEVER
  })
export type TitleCursor = z.infer<typeof TitleCursor>

export const cursorText = ({ name, id }: TitleCursor): string =>
  encodeBase64Url(new TextEncoder().encode(JSON.stringify([name, id])))

function readJson(text: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(decodeBase64Url(text)))
  } catch {
    return undefined
  }
}
