/** Watches the lamp while a film has failed, and says when trying again is worth it. */
import { readHome } from '../../edge-api.ts'

const ASK_EVERY_MS = 5000
/** A home that stays lit is tried again this often: what failed may have been a copy, not home. */
const TRY_EVERY_MS = 30_000

export class LampWatch {
  #onHope: () => void
  #timer: ReturnType<typeof setInterval> | undefined
  #wasLit = false
  #triedMs = 0

  constructor(onHope: () => void) {
    this.#onHope = onHope
  }

  watch(isWatching: boolean): void {
    if (isWatching === (this.#timer !== undefined)) return
    if (isWatching) this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS)
    else this.close()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #ask(): Promise<void> {
    const isLit = await readHome().then(
      ({ lit }) => lit,
      () => false,
    )
    if (this.#timer === undefined) return
    const isHope = isLit && (!this.#wasLit || Date.now() - this.#triedMs >= TRY_EVERY_MS)
    this.#wasLit = isLit
    if (!isHope) return
    this.#triedMs = Date.now()
    this.#onHope()
  }
}
