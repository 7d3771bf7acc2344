/** What the player knows of the ways home of one stream: for its stats, and for whoever must follow a change. */
import type { Transport } from '#protocol/stream-url.ts'
import type { Outcome } from './choose-transport.ts'

/** `chosen`: the best that answered. `broke`, `slow`: another one was left. `better`: one that is preferred answers again. */
export type WayReason = 'chosen' | 'broke' | 'slow' | 'better'

export type WayState = {
  /** Undefined until one has answered. */
  transport: Transport | undefined
  reason: WayReason
  /** How each way answered last, best way first. */
  tried: readonly Outcome[]
  /** What stands ready should the way in use fail. */
  spare: Transport | undefined
  /** How often the way has changed in mid-film. */
  changes: number
  /** A person has to say first whether this browser may look into the local network. */
  isLocalNetworkAsked: boolean
}

export const noWayYet: WayState = {
  transport: undefined,
  reason: 'chosen',
  tried: [],
  spare: undefined,
  changes: 0,
  isLocalNetworkAsked: false,
}

/** What is known now, and who is told when it changes. */
export class WayStore {
  #state = noWayYet
  #listeners = new Set<() => void>()

  getState = (): WayState => this.#state

  subscribe = (listener: () => void): void => {
    this.#listeners.add(listener)
  }

  set(change: Partial<WayState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }

  close(): void {
    this.#listeners.clear()
  }
}
