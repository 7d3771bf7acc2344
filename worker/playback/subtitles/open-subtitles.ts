/**
 * OpenSubtitles (REST v1, opensubtitles.stoplight.io): a search and a download. What it answers is a stranger's:
 * bounded, parsed, and turned into our own refusals. Its key is the operator's; a free one has few downloads a day.
 */
import * as z from 'zod'
import { AppError } from '#protocol/errors.ts'
import type { Edge } from '../../edge.ts'
import { log } from '../../log.ts'
import { readBounded } from '../../read-bounded.ts'
import { version } from '../../version.ts'
import type { FoundSubtitle } from './answers.ts'

const API = 'https://api.opensubtitles.com/api/v1'
const ANSWER_MS = 8000
const MOST_ANSWER_BYTES = 2 * 1024 * 1024
/** What fits into one message to an agent. */
export const MOST_FILE_BYTES = 675_000
const MOST_RESULTS = 50

const SearchAnswer = z.object({
  data: z.array(
    z.object({
      attributes: z.object({
        language: z.string().max(35).nullish(),
        download_count: z.int().nonnegative().catch(0),
        hearing_impaired: z.boolean().nullish(),
        ai_translated: z.boolean().nullish(),
        machine_translated: z.boolean().nullish(),
        release: z.string().nullish(),
        files: z.array(z.object({ file_id: z.int().positive(), file_name: z.string().nullish() })).catch([]),
      }),
    }),
  ),
})
const DownloadAnswer = z.object({ link: z.url().max(2000) })

/** `wanted.name` is the title's. Best first. Throws `not_configured`, `too_many`, `busy`. */
export async function searchSubtitles(
  edge: Edge,
  wanted: { name: string; year: number | null; language: string },
): Promise<FoundSubtitle[]> {
  // Sorted and in lower case, or it answers with a redirect to such an address.
  const query = new URLSearchParams({
    languages: wanted.language.toLowerCase(),
    order_by: 'download_count',
    query: wanted.name.toLowerCase(),
    type: 'movie',
    ...(wanted.year !== null && { year: String(wanted.year) }),
  })
  const answer = await ask(edge, `/subtitles?${query}`, { method: 'GET' })
  const { data } = await parsed(edge, answer, SearchAnswer)
  return data
    .flatMap(({ attributes }) => attributes.files.map((file) => found(attributes, file)))
    .sort((a, b) => Number(a.isMachineMade) - Number(b.isMachineMade) || b.downloads - a.downloads)
    .slice(0, MOST_RESULTS)
}

type Attributes = z.infer<typeof SearchAnswer>['data'][number]['attributes']

const found = (attributes: Attributes, file: Attributes['files'][number]): FoundSubtitle => ({
  fileId: file.file_id,
  name: (attributes.release || file.file_name || 'Subtitles').slice(0, 200),
  language: attributes.language ?? '',
  downloads: attributes.download_count,
  isForHardOfHearing: attributes.hearing_impaired ?? false,
  isMachineMade: (attributes.ai_translated ?? false) || (attributes.machine_translated ?? false),
})

/** The file itself. Costs one download of the operator's quota. Throws as the search does. */
export async function downloadSubtitle(edge: Edge, fileId: number): Promise<Uint8Array> {
  const body = JSON.stringify({ file_id: fileId, sub_format: 'srt' })
  const { link } = await parsed(edge, await ask(edge, '/download', { method: 'POST', body }), DownloadAnswer)
  if (!isTheirs(edge, link)) throw failed(edge, 'a link to somewhere else')
  // Without the key: the link carries its own right.
  const answer = await send(edge, link, { method: 'GET', headers: { 'user-agent': userAgent } })
  if (!answer.ok) throw refusalOf(edge, answer.status)
  const bytes = await readBounded(answer, MOST_FILE_BYTES).catch((cause: unknown) => {
    throw failed(edge, 'half a file', cause)
  })
  if (!bytes) throw new AppError('too_large', 'This subtitle file is too large. Please choose another one.')
  return bytes
}

const userAgent = `Porchlight v${version}`
const baseOf = ({ env }: Edge) => env.OPENSUBTITLES_URL ?? API

/** An upstream must not be able to send us elsewhere. */
function isTheirs(edge: Edge, link: string): boolean {
  const [url, base] = [new URL(link), new URL(baseOf(edge))]
  if (url.origin === base.origin) return true
  return url.protocol === 'https:' && /(^|\.)opensubtitles\.(com|org)$/.test(url.hostname)
}

async function ask(edge: Edge, path: string, init: { method: string; body?: string }): Promise<Response> {
  const key = edge.env.OPENSUBTITLES_KEY
  if (!key) {
    throw new AppError('not_configured', 'Subtitle search is not set up here. You can add a file of your own.')
  }
  const headers = {
    'api-key': key,
    'user-agent': userAgent,
    accept: 'application/json',
    ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  const answer = await send(edge, baseOf(edge) + path, { ...init, headers })
  if (!answer.ok) throw refusalOf(edge, answer.status)
  return answer
}

async function send(edge: Edge, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) })
  } catch (cause) {
    throw failed(edge, 'no answer', cause)
  }
}

async function parsed<Schema extends z.ZodType>(
  edge: Edge,
  answer: Response,
  schema: Schema,
): Promise<z.infer<Schema>> {
  try {
    const bytes = await readBounded(answer, MOST_ANSWER_BYTES)
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw failed(edge, 'an answer of another shape', cause)
  }
}

/** 406 is their word for a day's downloads that are used up. */
function refusalOf(edge: Edge, status: number): AppError {
  log('warn', 'subtitle_search_refused', { correlationId: edge.correlationId, status })
  if (status === 406)
    return new AppError('too_many', 'Today’s subtitle downloads are used up. Please try again tomorrow.')
  if (status === 429) return new AppError('too_many', 'The subtitle search asks for a pause. Please wait a minute.')
  if (status === 401 || status === 403) {
    return new AppError('not_configured', 'The subtitle search does not accept the key that is set up here.')
  }
  return new AppError('busy', 'The subtitle search does not answer at the moment. Please try again later.')
}

function failed(edge: Edge, reason: string, cause?: unknown): AppError {
  log('warn', 'subtitle_search_failed', { correlationId: edge.correlationId, reason })
  return new AppError('busy', 'The subtitle search does not answer at the moment. Please try again later.', { cause })
}
