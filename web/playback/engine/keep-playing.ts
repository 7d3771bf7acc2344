/** Pure: how a film that broke is brought back. What to try, in which order, how long to rest, when to say so. */
import { type FailureCode, isPassing } from '../../failure.ts'

/**
 * `resume`: ask home, and leave the element alone if it can go on with what it holds. `reload`: the same URL from new.
 * `renew`: fresh URLs. `lower`: the same film one rung down the ladder of plans. `move`: another agent or copy.
 * `open`: a stream from scratch. `switch`: to a plan that home has just agreed to, because a person chose it.
 */
export type Step = 'resume' | 'reload' | 'renew' | 'lower' | 'move' | 'open' | 'switch'

/** A run of attempts. `undecodable` counts attempts in a row where home answered but the picture did not come. */
type Trouble = { round: number; sinceMs: number; undecodable: number }

export type KeepPlaying =
  /** It plays, or could. `trouble` is remembered until the film has really moved on. */
  | { mode: 'steady'; trouble?: Trouble & { step: Step } }
  /** `behind` is the failure that stays on the screen while we try quietly. */
  | { mode: 'trying'; step: Step; isFirst: boolean; behind?: FailureCode; trouble: Trouble }
  | { mode: 'resting'; code: FailureCode; trouble: Trouble }
  /** A person is told. `retryWith` is where a retry begins; `isQuiet` says whether we also retry by ourselves. */
  | { mode: 'failed'; code: FailureCode; isQuiet: boolean; retryWith: Step }

export type KeepPlayingEvent =
  /** The element failed or nothing comes any more; `startAt` skips steps that cannot help. */
  | { type: 'broke'; code: FailureCode; nowMs: number; startAt?: Step }
  /** The step under way brought the film's beginning, or failed. */
  | { type: 'worked' }
  | { type: 'step_failed'; code: FailureCode; nowMs: number }
  | { type: 'rested' }
  /** Home has agreed to another plan for a film that plays. */
  | { type: 'replanned'; nowMs: number }
  /** Something got better: the network, the lamp, the tab is looked at again. */
  | { type: 'nudged'; nowMs: number }
  | { type: 'retry'; nowMs: number }
  /** Frames have moved on for a while. */
  | { type: 'progressed' }

/** After this long without a picture a person is told, with a button; quiet tries go on behind it. */
export const TELL_AFTER_MS = 120_000
/** Once more than there are rungs. */
const UNDECODABLE_TRIES = 6
const LONGEST_REST_MS = 6000

export const begin = (nowMs: number): KeepPlaying => ({
  mode: 'trying',
  step: 'open',
  isFirst: true,
  trouble: { round: 0, sinceMs: nowMs, undecodable: 0 },
})

/** How long to rest before round `round`: 1, 2, 4, then 6 s, give or take a quarter so that screens do not march. */
export const restMs = (round: number, random: number): number =>
  Math.min(LONGEST_REST_MS, 1000 * 2 ** Math.max(0, round - 1)) * (0.75 + random / 2)

export function keepPlaying(state: KeepPlaying, event: KeepPlayingEvent): KeepPlaying {
  switch (event.type) {
    case 'broke':
      return state.mode === 'steady' ? broke(state, event) : state
    case 'worked':
      return state.mode === 'trying' ? { mode: 'steady', trouble: { ...state.trouble, step: state.step } } : state
    case 'step_failed':
      return state.mode === 'trying' ? stepFailed(state, event.code, event.nowMs) : state
    case 'replanned':
      return state.mode === 'steady' ? tryFrom('switch', fresh(event.nowMs)) : state
    case 'rested':
      return state.mode === 'resting' ? tryFrom('resume', state.trouble) : state
    case 'nudged':
      if (state.mode === 'resting') return tryFrom('resume', state.trouble)
      return state.mode === 'failed' && state.isQuiet
        ? { ...tryFrom(state.retryWith, fresh(event.nowMs)), isFirst: state.retryWith === 'open', behind: state.code }
        : state
    case 'retry':
      return state.mode === 'failed' || state.mode === 'resting'
        ? {
            ...tryFrom(state.mode === 'failed' ? state.retryWith : 'resume', fresh(event.nowMs)),
            isFirst: state.mode === 'failed' && state.retryWith === 'open',
          }
        : state
    case 'progressed':
      return state.mode === 'steady' && state.trouble ? { mode: 'steady' } : state
  }
}

const fresh = (nowMs: number): Trouble => ({ round: 0, sinceMs: nowMs, undecodable: 0 })

type Steady = Extract<KeepPlaying, { mode: 'steady' }>
type Trying = Extract<KeepPlaying, { mode: 'trying' }>
const tryFrom = (step: Step, trouble: Trouble): Trying => ({ mode: 'trying', step, isFirst: false, trouble })

/** A break soon after a repair goes on down the ladder instead of starting it again. */
function broke(
  { trouble }: Steady,
  { code, nowMs, startAt }: Extract<KeepPlayingEvent, { type: 'broke' }>,
): KeepPlaying {
  if (!trouble || nowMs - trouble.sinceMs >= TELL_AFTER_MS)
    return tryFrom(startAt ?? 'resume', { ...fresh(nowMs), undecodable: countOf(code, 0) })
  const { step, ...rest } = trouble
  return startAt === undefined ? stepFailed(tryFrom(step, rest), code, nowMs) : tryFrom(startAt, rest)
}

const countOf = (code: FailureCode, before: number): number => (code === 'cannot_play' ? before + 1 : 0)

function stepFailed({ step, isFirst, behind, trouble }: Trying, code: FailureCode, nowMs: number): KeepPlaying {
  const undecodable = countOf(code, trouble.undecodable)
  const now = { ...trouble, undecodable }
  const failed = (isQuiet: boolean): KeepPlaying => ({
    mode: 'failed',
    code,
    isQuiet,
    retryWith: isFirst || !isPassing(code) ? 'open' : 'resume',
  })
  // Nothing has played yet: say at once what is wrong, and try again behind the words.
  if (isFirst && code !== 'cannot_play') return failed(isPassing(code))
  if (undecodable >= UNDECODABLE_TRIES) return failed(false)
  const quiet = behind === undefined ? {} : { behind }
  // The bytes came and made no picture: the same again from elsewhere would not either.
  if (code === 'cannot_play') return { ...tryFrom('lower', now), isFirst, ...quiet }
  if (step === 'resume' || step === 'reload' || step === 'switch') return { ...tryFrom('renew', now), ...quiet }
  if (isLost(code)) return step === 'open' ? failed(false) : { ...tryFrom('open', now), ...quiet }
  if (!isPassing(code) && !isAboutToken(code)) return failed(false)
  if (step === 'renew') return { ...tryFrom('move', now), ...quiet }
  if (behind !== undefined || nowMs - trouble.sinceMs >= TELL_AFTER_MS) return failed(true)
  return { mode: 'resting', code, trouble: { ...now, round: trouble.round + 1 } }
}

/** The edge no longer knows this stream or no longer grants it: only a new one can tell whether we may watch. */
const isLost = (code: FailureCode): boolean =>
  code === 'not_found' || code === 'token_revoked' || code === 'conflict' || code === 'forbidden'

const isAboutToken = (code: FailureCode): boolean =>
  code === 'token_expired' ||
  code === 'token_invalid' ||
  code === 'token_for_another_agent' ||
  code === 'token_for_another_file' ||
  code === 'relay_off'
