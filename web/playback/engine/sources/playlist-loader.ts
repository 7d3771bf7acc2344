/** Loads playlists for hls.js by the way home, and gives it at once what was fetched before it asked. */
import type { HlsConfig, Loader, PlaylistLoaderConstructor, PlaylistLoaderContext } from 'hls.js'
import { takeEarly } from './early-loads.ts'
import { fetchText, type TextOnItsWay } from './fetch-text.ts'
import { noteRefusal } from './refusals.ts'
import { Refused } from './transfer.ts'

type Load = Parameters<Loader<PlaylistLoaderContext>['load']>

/** `Base` keeps the counts that hls.js looks at. */
export function playlistLoader(
  Base: new (config: HlsConfig) => Loader<PlaylistLoaderContext>,
): PlaylistLoaderConstructor {
  return class extends Base {
    #loading: TextOnItsWay | undefined
    #timer: ReturnType<typeof setTimeout> | undefined

    override load(...[context, { loadPolicy }, callbacks]: Load): void {
      this.context = context
      this.#timer = setTimeout(() => {
        this.#end()
        callbacks.onTimeout(this.stats, context, null)
      }, loadPolicy.maxLoadTimeMs)
      const early = takeEarly(context.url)
      const load = () => this.#follow(fetchText(context.url), context, callbacks)
      // What was asked too early may have been refused; whoever needs it asks again, and hears why.
      if (early) this.#follow(early, context, { ...callbacks, onError: load })
      else load()
    }

    #follow(loading: TextOnItsWay, context: Load[0], callbacks: Load[2]): void {
      this.#loading = loading
      const { stats } = this
      const { times } = loading
      loading.text.then(
        (data) => {
          if (this.#loading !== loading) return
          clearTimeout(this.#timer)
          Object.assign(stats.loading, { start: times.startedMs, first: times.firstMs, end: times.endMs })
          stats.loaded = stats.total = data.length
          callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null)
        },
        (error: unknown) => {
          if (this.#loading !== loading) return
          const response = error instanceof Refused ? noteRefusal(error) : null
          callbacks.onError({ code: response?.status ?? 0, text: String(error) }, context, response, stats)
        },
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
      clearTimeout(this.#timer)
      this.#loading?.abort()
      this.#loading = undefined
    }
  }
}
