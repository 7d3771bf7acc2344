/** Has a film whole at home before something is asked of it. */
import * as z from 'zod'
import { StreamUrl } from '#protocol/stream-url.ts'
import type { FilmHome } from './film-home.ts'

const Ready = z.object({ sizeBytes: z.int(), urls: z.array(StreamUrl) })

/** Reads all of the file that a title is, once; rejects when not all of it comes. */
export async function bringHome({ client, titleIds }: FilmHome, name: string): Promise<void> {
  const answer = await client.call('POST', '/api/streams', { titleId: titleIds.get(name), startSeconds: 0 })
  const { sizeBytes, urls } = Ready.parse(await answer.json())
  const response = await fetch(urls.find(({ transport }) => transport === 'direct')?.url ?? '')
  let bytes = 0
  for await (const chunk of response.body ?? []) bytes += chunk.length
  if (!response.ok || bytes !== sizeBytes) throw new Error(`${bytes} bytes of ${name} came home`)
}
