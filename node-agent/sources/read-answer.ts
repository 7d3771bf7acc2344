/** An answer of a provider's host, judged before anything is taken from it. */
import type * as z from 'zod'
import { parseJson } from '../parse-json.ts'
import type { Fetched } from './guarded-fetch.ts'
import { ProviderFailure } from './provider-failure.ts'
import { NotXml, readXml, type XmlElement } from './xml/read-xml.ts'

const malformed = ({ hostname }: URL, cause?: unknown) =>
  new ProviderFailure('malformed', `${hostname} answered something else than it should`, { cause })

/** Throws `malformed` for what is not JSON, or not of this shape. */
export function readJson<Schema extends z.ZodType>({ bytes, url }: Fetched, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(bytes.toString('utf8')))
  if (!parsed.success) throw malformed(url)
  return parsed.data
}

/** Throws `malformed` for what is not XML, or XML that is a trap. */
export function readXmlAnswer({ bytes, url, status }: Fetched): XmlElement {
  try {
    if (status !== 200) throw malformed(url)
    return readXml(bytes.toString('utf8'))
  } catch (error) {
    throw error instanceof NotXml ? malformed(url, error) : error
  }
}
