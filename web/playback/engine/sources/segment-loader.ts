/** Loads segments for hls.js and hands their bytes on while they come, so that a frame is shown before the last has. */
import type { FragmentLoaderConstructor, FragmentLoaderContext, HlsConfig, Loader } from 'hls.js'
import { takeEarlySegment } from './early-loads.ts'
import type { PictureBegun } from './picture-begun.ts'
import { noteRefusal } from './refusals.ts'
import { beginTransfer, joined, Refused, type Transfer } from './transfer.ts'

/** Less is not worth hls.js's work of handing it on. Of sound this is a run or two (`hls/cut-runs.ts`): no picture is shown before its first. */
const LEAST_BYTES = { main: 128 * 1024, audio: 16 * 1024 }
/** A fast line brings much in a little while: then it is handed on in lumps of this size, or this often. */
const LUMP_BYTES = 1024 * 1024
const LUMP_MS = 60

type Load = Parameters<Loader<FragmentLoaderContext>['load']>

/**
 * `Base` keeps the counts that hls.js looks at. Of sound nothing is handed on before `picture` has begun: hls.js 1.7.4
 * sets the first part of it aside until then, and when the second comes in the same tenth of a second it loses the first
 * and takes no further sound (audio-stream-controller's `waitingData`).
 */
export function segmentLoader(
  Base: new (config: HlsConfig) => Loader<FragmentLoaderContext>,
  picture: PictureBegun,
): FragmentLoaderConstructor {
  return class extends Base {
    #transfer: Transfer | undefined
    #timer: ReturnType<typeof setTimeout> | undefined
    #tellAborted: (() => void) | undefined

    override load(...[context, { loadPolicy }, callbacks]: Load): void {
      this.context = context
      this.#tellAborted = () => callbacks.onAbort?.(this.stats, context, null)
      const early = takeEarlySegment(context.url)
      const load = () => this.#follow(beginTransfer(context.url), context, loadPolicy, callbacks)
      if (!early) return void load()
      // What was asked too early may have been refused; whoever needs it asks again, and hears why.
      const onError: typeof callbacks.onError = (...failure) =>
        this.stats.loaded > 0 ? callbacks.onError(...failure) : load()
      this.#follow(early, context, loadPolicy, { ...callbacks, onError })
    }

    #follow(transfer: Transfer, context: Load[0], loadPolicy: Load[1]['loadPolicy'], callbacks: Load[2]): void {
      const { stats } = this
      const isCurrent = () => this.#transfer === transfer
      const waitFor = (milliseconds: number) => {
        clearTimeout(this.#timer)
        this.#timer = setTimeout(() => {
          this.#end()
          callbacks.onTimeout(stats, context, null)
        }, milliseconds)
      }
      this.#transfer = transfer
      stats.loading.start = transfer.times.startedMs
      waitFor(loadPolicy.maxTimeToFirstByteMs)
      const { onProgress } = callbacks
      const leastBytes = context.frag.type === 'audio' ? LEAST_BYTES.audio : LEAST_BYTES.main
      let waiting: Uint8Array[] = []
      let waitingBytes = 0
      let handedOnMs = Number.NEGATIVE_INFINITY
      const isHeldBack = () => context.frag.type === 'audio' && onProgress !== undefined && !picture.hasBegun
      const handOn = () => {
        const whole = joined(waiting).buffer
        waiting = []
        waitingBytes = 0
        handedOnMs = performance.now()
        onProgress?.(stats, context, whole, null)
      }
      transfer.listen((bytes) => {
        if (!isCurrent()) return
        if (stats.loaded === 0) waitFor(loadPolicy.maxLoadTimeMs)
        stats.loading.first = transfer.times.firstMs
        stats.loaded += bytes.length
        waiting.push(bytes)
        waitingBytes += bytes.length
        const isDue = waitingBytes >= LUMP_BYTES || performance.now() - handedOnMs >= LUMP_MS
        if (onProgress && waitingBytes >= leastBytes && isDue && !isHeldBack()) handOn()
      })
      if (isHeldBack()) picture.begun.then(() => isCurrent() && waitingBytes >= leastBytes && handOn())
      transfer.ended.then(
        async (response) => {
          if (isHeldBack()) {
            // All of it has come: what is missing is the picture's matter.
            clearTimeout(this.#timer)
            await picture.begun
          }
          if (!isCurrent()) return
          clearTimeout(this.#timer)
          Object.assign(stats.loading, { first: transfer.times.firstMs, end: transfer.times.endMs })
          stats.total = stats.loaded
          if (onProgress && waitingBytes > 0) handOn()
          const data = onProgress ? new ArrayBuffer(0) : joined(waiting).buffer
          callbacks.onSuccess({ url: context.url, data, code: response.status }, stats, context, response)
        },
        (error: unknown) => {
          if (!isCurrent()) return
          this.#end()
          const response = error instanceof Refused ? noteRefusal(error) : null
          callbacks.onError({ code: response?.status ?? 0, text: String(error) }, context, response, stats)
        },
      )
    }

    override abort(): void {
      if (!this.#transfer || this.stats.loading.end > 0) return
      this.stats.aborted = true
      this.#end()
      this.#tellAborted?.()
    }

    override destroy(): void {
      this.#end()
      super.destroy()
    }

    #end(): void {
      clearTimeout(this.#timer)
      const transfer = this.#transfer
      this.#transfer = undefined
      transfer?.abort()
    }
  }
}
