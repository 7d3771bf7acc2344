/** Playlists fetched before hls.js asks for them: those that a player reads first, at once and not one after another. */
import type { PlaylistLoaderConstructor } from 'hls.js'
import { resourcePath } from '#protocol/stream-url.ts'
import { masterIn } from './master-tracks.ts'

const early = new Map<string, Promise<string>>()

/** Of the master at `resource` and of what it names first. What does not come is asked for again by hls.js. */
export function fetchPlaylists(streamUrl: string, resource: string): void {
  const urls = firstPlaylists(resource).map((path) => `${streamUrl}/${path}`)
  for (const url of early.keys()) if (!urls.includes(url)) early.delete(url)
  for (const url of urls) {
    if (early.has(url)) continue
    const text = fetchText(url)
    text.catch(() => early.get(url) === text && early.delete(url))
    early.set(url, text)
  }
}

/** Pure: paths beneath the stream's URL: the master, each picture, and the first sound. */
export function firstPlaylists(resource: string): string[] {
  const master = masterIn(resource)
  if (!master) return []
  const { cutBy, renditions } = master
  const sound = renditions.find(({ kind }) => kind === 'audio')
  const first = renditions.filter((one) => one.kind === 'video' || one === sound)
  const paths = first.map((rendition) => resourcePath({ kind: 'playlist', rendition, ...(cutBy && { cutBy }) }))
  return [resource, ...paths]
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { credentials: 'omit', cache: 'no-store' })
  if (!response.ok) throw new Error(`${response.status}`)
  return response.text()
}

/** A loader of playlists that gives what was fetched early, once, and loads all else as `Base` does. */
export function earlyLoader(Base: PlaylistLoaderConstructor): PlaylistLoaderConstructor {
  return class extends Base {
    #isOver = false

    override load(...[context, config, callbacks]: Parameters<InstanceType<PlaylistLoaderConstructor>['load']>): void {
      const text = early.get(context.url)
      if (!text) {
        super.load(context, config, callbacks)
        return
      }
      early.delete(context.url)
      const startedMs = performance.now()
      text.then(
        (data) => {
          if (this.#isOver) return
          this.context = context
          this.stats.loading = { start: startedMs, first: performance.now(), end: performance.now() }
          this.stats.loaded = this.stats.total = data.length
          callbacks.onSuccess({ url: context.url, data, code: 200 }, this.stats, context, null)
        },
        () => this.#isOver || super.load(context, config, callbacks),
      )
    }

    override abort(): void {
      this.#isOver = true
      super.abort()
    }

    override destroy(): void {
      this.#isOver = true
      super.destroy()
    }
  }
}
