/** The guard's machine: a table of what it does with each policy, and what holds whatever happens. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answer, beginGuard, type GuardEvent, type GuardRules, type GuardState, stepGuard } from './guard-state.ts'

const rules = (policy: GuardRules['policy'], isChecked = true): GuardRules => ({
  ...{ policy, isChecked, settleMilliseconds: 5000, settleAnswers: 2 },
})
const yes: GuardEvent = { kind: 'answered', answer: { verdict: 'yes', reason: 'protected' } }
const no: GuardEvent = { kind: 'answered', answer: { verdict: 'no', reason: 'not_protected' } }
const unknown: GuardEvent = { kind: 'answered', answer: { verdict: 'unknown', reason: 'no_answer' } }
const bound: GuardEvent = { kind: 'bound', binding: { verdict: 'yes', reason: 'bound' } }
const gone: GuardEvent = { kind: 'bound', binding: { verdict: 'no', reason: 'interface_gone' } }
const moved: GuardEvent = { kind: 'moved' }
const tick: GuardEvent = { kind: 'tick' }

/** Each event a second after the one before it. */
function walked(by: GuardRules, events: readonly GuardEvent[]): GuardState {
  return events.reduce((state, event, index) => stepGuard(by, state, event, (index + 1) * 1000), beginGuard(by, 0))
}

describe('the guard', () => {
  it.each<[string, GuardRules, GuardEvent[], boolean, string]>([
    ['is open when it is off, whatever is said', rules('off'), [no, gone, moved], true, 'off'],
    ['is shut before the first answer', rules('required'), [tick, tick], false, 'not_checked'],
    ['is shut before the first answer when only preferred', rules('preferred'), [tick], false, 'not_checked'],
    ['opens with the first good answer', rules('required'), [yes], true, 'protected'],
    ['counts unknown as no when required', rules('required'), [yes, unknown], false, 'no_answer'],
    ['goes on without an answer when preferred', rules('preferred'), [yes, unknown], true, 'no_answer'],
    ['starts without an answer when preferred', rules('preferred'), [unknown], true, 'no_answer'],
    ['shuts at a no when preferred', rules('preferred'), [yes, no], false, 'not_protected'],
    ['waits for the interface, whatever the checks say', rules('required'), [gone, yes], false, 'interface_gone'],
    ['waits for the checks, though the interface is there', rules('required'), [bound], false, 'not_checked'],
    ['needs no check where the binding alone says', rules('required', false), [bound], true, 'bound'],
    ['shuts when the interface goes', rules('preferred'), [bound, yes, gone], false, 'interface_gone'],
    ['trusts no answer from before the network changed', rules('required'), [yes, moved], false, 'not_checked'],
    ['waits for all to settle', rules('required'), [yes, no, yes, yes, tick, tick], false, 'settling'],
    [
      'opens again when it has settled',
      rules('required'),
      [yes, no, yes, yes, tick, tick, tick, tick],
      true,
      'protected',
    ],
    [
      'needs more than one answer to settle',
      rules('required'),
      [yes, no, yes, ...Array(9).fill(tick)],
      false,
      'settling',
    ],
    [
      'begins to settle anew at each no',
      rules('required'),
      [yes, no, yes, yes, yes, no, yes, yes, yes],
      false,
      'settling',
    ],
    [
      'settles by the interface alone',
      rules('required', false),
      [bound, gone, bound, ...Array(5).fill(tick)],
      true,
      'bound',
    ],
  ])('%s', (_what, by, events, isOpen, reason) => {
    expect(walked(by, events)).toMatchObject({ isOpen, reason })
  })

  it('says since when it stands where it does', () => {
    expect(walked(rules('required'), [yes, yes, yes, no, no, no]).since).toBe(4000)
  })
})

describe('whatever happens', () => {
  const answer = fc.record<Answer>({
    verdict: fc.constantFrom('yes', 'no', 'unknown'),
    reason: fc.constantFrom('protected', 'own_address', 'no_answer'),
  })
  const event = fc.oneof(
    fc.record({ kind: fc.constant('answered' as const), answer }),
    fc.record({ kind: fc.constant('bound' as const), binding: answer }),
    fc.constant(moved),
    fc.constant(tick),
  )
  const timed = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 4000 })), { maxLength: 40 })
  const walk = (by: GuardRules, events: readonly [GuardEvent, number][]) => {
    let now = 0
    let state = beginGuard(by, now)
    return events.map(([each, pause]) => {
      now += pause
      const before = state
      state = stepGuard(by, state, each, now)
      return { before, state, event: each, now }
    })
  }

  it('is open when required only while every voice says yes', () => {
    fc.assert(
      fc.property(timed, fc.boolean(), (events, isChecked) => {
        for (const { state } of walk(rules('required', isChecked), events)) {
          if (!state.isOpen) continue
          expect(state.binding?.verdict ?? 'yes').toBe('yes')
          if (isChecked) expect(state.answer?.verdict).toBe('yes')
          else expect(state.binding?.verdict).toBe('yes')
        }
      }),
    )
  })

  it('is shut by a no in the same step, unless it is off', () => {
    fc.assert(
      fc.property(timed, fc.constantFrom('required' as const, 'preferred' as const), (events, policy) => {
        for (const { state, event: each } of walk(rules(policy), events)) {
          const said = each.kind === 'answered' ? each.answer : each.kind === 'bound' ? each.binding : undefined
          if (said?.verdict === 'no') expect(state.isOpen).toBe(false)
        }
      }),
    )
  })

  it('opens again only after it has been well for the whole time', () => {
    fc.assert(
      fc.property(timed, fc.constantFrom('required' as const, 'preferred' as const), (events, policy) => {
        let shutAt: number | undefined
        for (const { before, state, now } of walk(rules(policy), events)) {
          if (before.isOpen && !state.isOpen) shutAt = now
          if (!before.isOpen && state.isOpen && shutAt !== undefined) {
            expect(now - shutAt).toBeGreaterThanOrEqual(5000)
            expect(before.well?.since ?? now).toBeLessThanOrEqual(now - 5000)
          }
        }
      }),
    )
  })
})
