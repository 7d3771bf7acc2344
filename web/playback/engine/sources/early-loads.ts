/** What a player loads first, fetched before hls.js asks for it: at once, and not one piece after another. */
import type { HlsConfig, Loader, LoaderContext, PlaylistLoaderConstructor } from 'hls.js'
import { beginTransfer, type Transfer } from './transfer.ts'

type Early = { text: Promise<string>; startedMs: number; firstMs: number; endMs: number; abort: () => void }

const early = new Map<string, Early>()
const segments = new Map<string, Transfer>()

/** A playlist. Throws what fetching does; hls.js then asks for it itself, and its failure says why. */
export function fetchEarly(url: string): Promise<string> {
  const leaving = new AbortController()
  const begin = async () => {
    const response = await fetch(url, { credentials: 'omit', cache: 'no-store', signal: leaving.signal })
    if (!response.ok) throw new Error(`${response.status}`)
    one.firstMs = performance.now()
    const text = await response.text()
    one.endMs = performance.now()
    return text
  }
  const one = { startedMs: performance.now(), firstMs: 0, endMs: 0, abort: () => leaving.abort() } as Early
  const text = begin()
  one.text = text
  early.set(url, one)
  text.catch(() => early.get(url) === one && early.delete(url))
  return text
}

export function fetchEarlySegment(url: string): void {
  if (!segments.has(url)) segments.set(url, beginTransfer(url))
}

/** What is on its way already, once. */
export function takeEarlySegment(url: string): Transfer | undefined {
  const taken = segments.get(url)
  segments.delete(url)
  return taken
}

/** What nobody has taken, nor will. */
export function forgetEarly(isKept: (url: string) => boolean): void {
  for (const loads of [early, segments]) {
    for (const [url, { abort }] of loads) {
      if (isKept(url)) continue
      abort()
      loads.delete(url)
    }
  }
}

/** A loader that gives what was fetched early, once, and loads all else as `Base` does. */
export function earlyPlaylists(Base: PlaylistLoaderConstructor): PlaylistLoaderConstructor {
  return earlyLoader(Base)
}

function earlyLoader<Context extends LoaderContext>(Base: new (config: HlsConfig) => Loader<Context>) {
  return class extends Base {
    #taken: Early | undefined
    #isOver = false

    override load(...[context, config, callbacks]: Parameters<Loader<Context>['load']>): void {
      const taken = early.get(context.url)
      if (!taken) {
        super.load(context, config, callbacks)
        return
      }
      early.delete(context.url)
      this.#taken = taken
      this.context = context
      taken.text.then(
        (data) => {
          if (this.#isOver) return
          const { stats } = this
          Object.assign(stats.loading, { start: taken.startedMs, first: taken.firstMs, end: taken.endMs })
          stats.loaded = stats.total = data.length
          callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null)
        },
        () => this.#isOver || super.load(context, config, callbacks),
      )
    }

    override abort(): void {
      this.#end()
      super.abort()
    }

    override destroy(): void {
      this.#end()
      super.destroy()
    }

    #end(): void {
      this.#isOver = true
      this.#taken?.abort()
    }
  }
}
