/** Runs the pure part of bringing a film back: holds its state, rests, watches the lamp, and says which step is due. */
import { begin, type KeepPlaying, type KeepPlayingEvent, keepPlaying, restMs, type Step } from './keep-playing.ts'
import { LampWatch } from './lamp-watch.ts'

type Hear = { onChange: (keep: KeepPlaying) => void; onStep: (step: Step) => void }

export class Keeper {
  #keep = begin(Date.now())
  #hear: Hear
  #lamp = new LampWatch(() => this.nudge())
  #rest: ReturnType<typeof setTimeout> | undefined
  #isClosed = false

  constructor(hear: Hear) {
    this.#hear = hear
  }

  get mode(): KeepPlaying['mode'] {
    return this.#keep.mode
  }

  /** Something got better: the network, the lamp, bytes that came. */
  nudge = (): void => this.tell({ type: 'nudged', nowMs: Date.now() })

  tell(event: KeepPlayingEvent): void {
    if (this.#isClosed) return
    const keep = keepPlaying(this.#keep, event)
    if (keep === this.#keep) return
    this.#keep = keep
    this.#hear.onChange(keep)
    this.#lamp.watch(keep.mode === 'failed' && keep.isQuiet)
    clearTimeout(this.#rest)
    if (keep.mode === 'trying') this.#hear.onStep(keep.step)
    if (keep.mode === 'resting')
      this.#rest = setTimeout(() => this.tell({ type: 'rested' }), restMs(keep.trouble.round, Math.random()))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#rest)
    this.#lamp.close()
  }
}
