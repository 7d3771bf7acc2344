/** Whether the swarm may run: a pure machine over what the checks say, what the binding says, and time. */

export type VpnPolicy = 'required' | 'preferred' | 'off'

/** Why the guard stands where it does; the web app has a sentence for each, and one for those it does not know. */
export type VpnReason =
  | 'off'
  | 'not_checked'
  | 'protected'
  | 'other_address'
  | 'bound'
  | 'not_protected'
  | 'own_address'
  | 'no_answer'
  | 'bad_answer'
  | 'no_majority'
  | 'interface_gone'
  | 'way_changed'
  | 'settling'

/** What a check found, or the binding; `unknown` when it could not find out. */
export type Answer = { verdict: 'yes' | 'no' | 'unknown'; reason: VpnReason }

export type GuardRules = {
  policy: VpnPolicy
  /** Somebody is asked whether the VPN is up; without, the binding alone says. */
  isChecked: boolean
  /** After it was shut, this long all must have been well, in this many answers, before it opens again. */
  settleMilliseconds: number
  settleAnswers: number
}

export type GuardState = {
  isOpen: boolean
  verdict: Answer['verdict']
  reason: VpnReason
  /** When verdict, reason or `isOpen` changed last. All times are milliseconds of one clock. */
  since: number
  /** The last answer of the checks; undefined before the first, and once the network has changed. */
  answer: Answer | undefined
  /** Undefined when nothing is bound. */
  binding: Answer | undefined
  /** Since when all has been well while it was shut, and in how many answers. */
  well: { since: number; answers: number } | undefined
  hasBeenOpen: boolean
}

export type GuardEvent =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'bound'; binding: Answer }
  /** The way out of this machine is another: what was answered before says nothing of it. */
  | { kind: 'moved' }
  | { kind: 'tick' }

/** Before anything is known: shut, unless the policy is off. */
export function beginGuard(rules: GuardRules, now: number): GuardState {
  const isOff = rules.policy === 'off'
  return {
    ...{ isOpen: isOff, verdict: 'unknown', reason: isOff ? 'off' : 'not_checked', since: now },
    ...{ answer: undefined, binding: undefined, well: undefined, hasBeenOpen: false },
  }
}

/** It shuts at once, and opens at once the first time; later only when all has been well for a while. */
export function stepGuard(rules: GuardRules, before: GuardState, event: GuardEvent, now: number): GuardState {
  if (rules.policy === 'off') return before
  const known = {
    answer: event.kind === 'answered' ? event.answer : event.kind === 'moved' ? undefined : before.answer,
    binding: event.kind === 'bound' ? event.binding : before.binding,
  }
  const found = judge(rules, known)
  if (!allows(rules.policy, known, found)) {
    return settle(before, { ...before, ...known, ...found, isOpen: false, well: undefined }, now)
  }
  const answers = (before.well?.answers ?? 0) + (event.kind === 'answered' ? 1 : 0)
  const well = { since: before.well?.since ?? now, answers }
  const isSettled = now - well.since >= rules.settleMilliseconds && (!rules.isChecked || answers >= rules.settleAnswers)
  if (before.isOpen || !before.hasBeenOpen || isSettled) {
    return settle(before, { ...before, ...known, ...found, isOpen: true, well: undefined, hasBeenOpen: true }, now)
  }
  return settle(before, { ...before, ...known, verdict: found.verdict, reason: 'settling', isOpen: false, well }, now)
}

/** A no of either stands above all else, and first the binding's; its yes says all only where nobody is asked. */
function judge({ isChecked }: GuardRules, { answer, binding }: Pick<GuardState, 'answer' | 'binding'>): Answer {
  if (binding?.verdict === 'no') return binding
  if (isChecked && answer?.verdict === 'no') return answer
  if (binding?.verdict === 'unknown') return binding
  if (isChecked) return answer ?? { verdict: 'unknown', reason: 'not_checked' }
  return binding ?? { verdict: 'unknown', reason: 'not_checked' }
}

function allows(policy: VpnPolicy, { answer }: Pick<GuardState, 'answer'>, { verdict }: Answer): boolean {
  return verdict === 'yes' || (policy === 'preferred' && verdict === 'unknown' && answer !== undefined)
}

function settle(before: GuardState, after: GuardState, now: number): GuardState {
  const isSame = before.isOpen === after.isOpen && before.verdict === after.verdict && before.reason === after.reason
  return { ...after, since: isSame ? before.since : now }
}
