/** One passkey sign-in at a time: the quiet wait in the address field gives way to a press, and one answer is sent. */
import type { PasskeyAnswer } from '../identity-api.ts'
import type { PasskeyOptions } from './passkey.ts'

/** What a sign-in by passkey needs of the browser and the edge. */
export type PasskeyWorld = {
  /** A challenge of the edge's; a newer one replaces it. */
  options: () => Promise<PasskeyOptions>
  /** Throws when none is given. Only one can be waited for: a newer one ends the older. */
  ask: (options: PasskeyOptions, how: { inField: boolean }) => Promise<PasskeyAnswer>
  signIn: (answer: PasskeyAnswer) => Promise<unknown>
}

export class PasskeyTurns {
  #world: PasskeyWorld
  #pressed: Promise<boolean> | undefined
  /** An answer that is on its way to the edge. */
  #entering: Promise<void> | undefined

  constructor(world: PasskeyWorld) {
    this.#world = world
  }

  /**
   * By the button: resolves when somebody is in. False when that was by an answer already on its way from the field, in
   * which case `offer` says so.
   */
  press(): Promise<boolean> {
    this.#pressed ??= this.#pressOnce().finally(() => {
      this.#pressed = undefined
    })
    return this.#pressed
  }

  /**
   * Waits in the address field until `signal`; true when somebody came in by it, false when nobody did. A press ends the
   * wait, and begins it anew when it came to nothing. Throws when the passkey that was chosen here was refused.
   */
  async offer(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (this.#pressed) {
        const isIn = await this.#pressed.then(
          () => true,
          () => false,
        )
        if (isIn) return false
        continue
      }
      const options = await this.#world.options().catch(() => undefined)
      if (options === undefined || signal.aborted) return false
      if (this.#pressed) continue
      const answer = await this.#world.ask(options, { inField: true }).catch(() => undefined)
      if (signal.aborted) return false
      if (this.#pressed) continue
      if (answer === undefined) return false
      await this.#enter(answer)
      return true
    }
    return false
  }

  async #pressOnce(): Promise<boolean> {
    if (this.#entering) {
      await this.#entering
      return false
    }
    await this.#enter(await this.#world.ask(await this.#world.options(), { inField: false }))
    return true
  }

  #enter(answer: PasskeyAnswer): Promise<void> {
    this.#entering = this.#world
      .signIn(answer)
      .then(() => undefined)
      .finally(() => {
        this.#entering = undefined
      })
    return this.#entering
  }
}
