/** The web app's one page, for every address of the app itself: films and doors have addresses that are no files. */
import type { Context } from 'hono'
import type { AppEnv } from './env.ts'

/**
 * A browser that opens an address is given the page; anything else that is not there is missing. A script of an older
 * deployment must be a 404: a page under its name would be kept for a year (`immutable`) and break the app.
 */
export function isForThePage(method: string, path: string, accept: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  // What is asked of home over a data channel is answered in the browser; here there is nothing.
  if (path.startsWith('/api/') || path.startsWith('/assets/') || path.startsWith('/p2p/')) return false
  return accept?.includes('text/html') === true
}

/** The page with the headers of its own `_headers` file; undefined where this Worker has no assets. */
export async function appPage(c: Context<AppEnv>): Promise<Response | undefined> {
  if (!c.env.ASSETS || !isForThePage(c.req.method, c.req.path, c.req.header('accept'))) return undefined
  c.set('untouched', true)
  return c.env.ASSETS.fetch(new Request(new URL('/', c.req.url), { method: c.req.method, headers: c.req.raw.headers }))
}
