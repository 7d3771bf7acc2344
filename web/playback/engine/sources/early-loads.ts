/** What a player loads first, fetched before hls.js asks for it: at once, and not one piece after another. */
import type { FragmentLoaderConstructor, HlsConfig, Loader, LoaderContext, PlaylistLoaderConstructor } from 'hls.js'

type Body = string | ArrayBuffer
type Early = { body: Promise<Body>; startedMs: number; firstMs: number; endMs: number; abort: () => void }

const early = new Map<string, Early>()

/** Throws what fetching does; hls.js then asks for it itself, and its failure says why. */
export function fetchEarly<Read extends Body>(url: string, read: (response: Response) => Promise<Read>): Promise<Read> {
  const leaving = new AbortController()
  const begin = async () => {
    const response = await fetch(url, { credentials: 'omit', cache: 'no-store', signal: leaving.signal })
    if (!response.ok) throw new Error(`${response.status}`)
    one.firstMs = performance.now()
    const body = await read(response)
    one.endMs = performance.now()
    return body
  }
  const one = { startedMs: performance.now(), firstMs: 0, endMs: 0, abort: () => leaving.abort() } as Early
  const body = begin()
  one.body = body
  early.set(url, one)
  body.catch(() => early.get(url) === one && early.delete(url))
  return body
}

/** What nobody has taken, nor will. */
export function forgetEarly(isKept: (url: string) => boolean): void {
  for (const [url, { abort }] of early) {
    if (isKept(url)) continue
    abort()
    early.delete(url)
  }
}

/** A loader that gives what was fetched early, once, and loads all else as `Base` does. */
export const earlyPlaylists = (Base: PlaylistLoaderConstructor): PlaylistLoaderConstructor => earlyLoader(Base)
export const earlyFragments = (Base: FragmentLoaderConstructor): FragmentLoaderConstructor => earlyLoader(Base)

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
      taken.body.then(
        (data) => {
          if (this.#isOver) return
          const { stats } = this
          Object.assign(stats.loading, { start: taken.startedMs, first: taken.firstMs, end: taken.endMs })
          stats.loaded = stats.total = typeof data === 'string' ? data.length : data.byteLength
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
