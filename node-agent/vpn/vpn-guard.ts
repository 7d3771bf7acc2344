/** The guard itself: looks at the way out, asks the checks, and opens and shuts the door as the machine says. */
import { networkInterfaces } from 'node:os'
import type { Log } from '../log.ts'
import { Door } from './door.ts'
import {
  type Answer,
  beginGuard,
  type GuardEvent,
  type GuardRules,
  type GuardState,
  stepGuard,
  type VpnPolicy,
} from './guard-state.ts'
import { createLookAtWay, sourceAddress, type WayNow, type WaySenses } from './watch-way.ts'

/** How often the way out is looked at: it costs two system calls. */
const LOOK_MILLISECONDS = 250
/** While it is shut, the checks are asked this often at least. */
const SHUT_CHECK_MILLISECONDS = 3000
const SETTLE = { settleMilliseconds: 5000, settleAnswers: 2 }

/** Asks whether the VPN is up. `bound`: the address that is asked from, when one is bound. */
export type Check = (bound: string | undefined, signal: AbortSignal) => Promise<Answer>

export type GuardOptions = {
  policy: VpnPolicy
  /** Interface name or IPv4 address that everything is bound to. */
  interface?: string | undefined
  /** Undefined: the binding alone says. */
  check?: Check | undefined
  checkSeconds: number
  nameServers?: readonly string[] | undefined
  log: Log
  /** Hears of each change of the machine's state. */
  onChange?: (state: GuardState) => void
}

/** For tests. */
export type GuardWorld = WaySenses & { now: () => number; lookMilliseconds: number; rules: Partial<GuardRules> }

export type VpnGuard = {
  /** Undefined with the policy off: nothing stands in anybody's way. */
  door: Door | undefined
  state: () => GuardState
  close: () => void
}

export function startVpnGuard(options: GuardOptions, world: Partial<GuardWorld> = {}): VpnGuard {
  const { policy, check, log, onChange = () => {} } = options
  const { now = Date.now, lookMilliseconds = LOOK_MILLISECONDS } = world
  const rules: GuardRules = { policy, isChecked: check !== undefined, ...SETTLE, ...world.rules }
  let state = beginGuard(rules, now())
  if (policy === 'off') return { door: undefined, state: () => state, close: () => {} }

  const door = new Door(options.nameServers)
  const closed = new AbortController()
  const look = createLookAtWay(options.interface, { interfaces: networkInterfaces, source: sourceAddress, ...world })
  let way: WayNow | undefined
  let checking: AbortController | undefined
  let checkedAt = Number.NEGATIVE_INFINITY

  const take = (event: GuardEvent) => {
    const before = state
    state = stepGuard(rules, state, event, now())
    // The door before all else: whoever hears of the change finds it done.
    const isMissing = options.interface !== undefined && way?.bound === undefined
    if (state.isOpen && !isMissing) door.unlock({ localAddress: way?.bound })
    else door.shut()
    if (before.isOpen === state.isOpen && before.verdict === state.verdict && before.reason === state.reason) return
    log.info(state.isOpen ? 'vpn_opened' : 'vpn_shut', { reason: state.reason })
    onChange(state)
  }
  const ask = async () => {
    if (!check || checking) return
    checkedAt = now()
    const mine = new AbortController()
    checking = mine
    const answer = await check(way?.bound, AbortSignal.any([mine.signal, closed.signal])).catch((error: unknown) => {
      if (!mine.signal.aborted && !closed.signal.aborted) log.error('vpn_check_failed', error)
      return { verdict: 'unknown', reason: 'no_answer' } as const
    })
    // Of a way that is no more: the answer says nothing.
    if (mine.signal.aborted || closed.signal.aborted) return
    checking = undefined
    take({ kind: 'answered', answer })
  }
  const isDue = () => {
    const every = options.checkSeconds * 1000
    return now() - checkedAt >= (state.isOpen ? every : Math.min(every, SHUT_CHECK_MILLISECONDS))
  }
  const step = async () => {
    const before = way
    const seen = await look()
    if (closed.signal.aborted) return
    way = seen
    take(way.binding ? { kind: 'bound', binding: way.binding } : { kind: 'tick' })
    if (before !== undefined && (before.source !== way.source || before.bound !== way.bound)) {
      checking?.abort()
      checking = undefined
      checkedAt = Number.NEGATIVE_INFINITY
      // Also where the binding still stands: its new address is not the one that was asked about.
      take({ kind: 'moved' })
    }
    // Without the interface nothing may leave, questions neither.
    if (isDue() && way.binding?.verdict !== 'no') void ask()
  }
  let timer: NodeJS.Timeout
  const again = () => {
    timer = setTimeout(() => void step().finally(() => closed.signal.aborted || again()), lookMilliseconds)
  }
  void step().finally(() => closed.signal.aborted || again())
  return {
    door,
    state: () => state,
    close() {
      closed.abort()
      checking?.abort()
      clearTimeout(timer)
      door.shut()
    },
  }
}
