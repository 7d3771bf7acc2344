/** A script for a page, with what it imports of the web app in it, as one text. */
import { build } from 'vite'

export async function bundleScript(entry: URL): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: entry.pathname, formats: ['iife'], name: 'page', fileName: 'page' },
    },
  })
  const [first] = Array.isArray(built) ? built : [built]
  const chunk = first && 'output' in first ? first.output[0] : undefined
  if (!chunk) throw new Error('the page was not built')
  return chunk.code
}
