import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorWords } from '../../error-words.ts'
import type { FailureCode } from '../../failure.ts'
import { begin, type KeepPlaying, type KeepPlayingEvent, keepPlaying, restMs, TELL_AFTER_MS } from './keep-playing.ts'

const having = (...events: KeepPlayingEvent[]): KeepPlaying => events.reduce(keepPlaying, begin(0))
const worked: KeepPlayingEvent = { type: 'worked' }
const progressed: KeepPlayingEvent = { type: 'progressed' }
const rested: KeepPlayingEvent = { type: 'rested' }
const broke = (code: FailureCode = 'unreachable', nowMs = 1000): KeepPlayingEvent => ({ type: 'broke', code, nowMs })
const failed = (code: FailureCode = 'no_route', nowMs = 2000): KeepPlayingEvent => ({
  type: 'step_failed',
  code,
  nowMs,
})
const nudged: KeepPlayingEvent = { type: 'nudged', nowMs: 5000 }
const playing = [worked, progressed]
const stepOf = (state: KeepPlaying) => (state.mode === 'trying' ? state.step : state.mode)

describe('the ladder', () => {
  it('goes from what is there to what is far: resume, renew, move, rest, and again', () => {
    const seen = [broke(), failed(), failed(), failed(), rested, failed(), failed(), failed()].map((_, i, all) =>
      stepOf(having(...playing, ...all.slice(0, i + 1))),
    )
    expect(seen).toEqual(['resume', 'renew', 'move', 'resting', 'resume', 'renew', 'move', 'resting'])
  })

  it('is left as soon as a step works', () => {
    expect(having(...playing, broke(), failed(), worked).mode).toBe('steady')
  })

  it('goes on downwards when a repair does not hold', () => {
    expect(stepOf(having(...playing, broke(), worked, broke()))).toBe('renew')
    expect(stepOf(having(...playing, broke(), failed(), worked, broke()))).toBe('move')
  })

  it('starts from the top again once the film has really moved on', () => {
    expect(stepOf(having(...playing, broke(), failed(), worked, progressed, broke()))).toBe('resume')
  })

  it('starts where the trouble says', () => {
    expect(stepOf(having(...playing, { type: 'broke', code: 'timed_out', nowMs: 1, startAt: 'move' }))).toBe('move')
    expect(stepOf(having(...playing, { type: 'broke', code: 'token_revoked', nowMs: 1, startAt: 'open' }))).toBe('open')
  })

  it('ignores what the element says while a repair is under way', () => {
    const trying = having(...playing, broke())
    expect(keepPlaying(trying, broke('cannot_play'))).toBe(trying)
  })
})

describe('what the refusals mean', () => {
  it.each([
    ['an expired token', 'resume', 'token_expired', 'renew'],
    ['a stream that the edge forgot', 'renew', 'not_found', 'open'],
    ['a stream that was revoked', 'renew', 'token_revoked', 'open'],
    ['a home that is dark', 'move', 'agent_offline', 'resting'],
    ['an edge that is away', 'renew', 'unreachable', 'move'],
  ] as const)('%s at %s', (_, step, code, next) => {
    const before = { resume: [], renew: [failed()], move: [failed(), failed()] }[step]
    expect(stepOf(having(...playing, broke(), ...before, failed(code)))).toBe(next)
  })

  it.each(['session_ended', 'refresh_reused', 'no_playable_file', 'version_unsupported'] as const)(
    'tells a person at once about %s, and does not try by itself',
    (code) => {
      expect(having(...playing, broke(), failed(), failed(code))).toMatchObject({
        mode: 'failed',
        code,
        isQuiet: false,
      })
    },
  )

  it('loads a picture that broke once more, then goes down the ladder, and gives up below the last rung', () => {
    const code = 'cannot_play'
    const breaks = [broke(code), worked, broke(code), worked, broke(code), worked, broke(code), worked]
    const seen = [1, 3, 5, 7].map((count) => stepOf(having(...playing, ...breaks.slice(0, count))))
    expect(seen).toEqual(['resume', 'lower', 'lower', 'lower'])
    const end = having(...playing, ...breaks, broke(code), worked, broke(code))
    expect(end).toMatchObject({ mode: 'failed', code, isQuiet: false })
  })

  it('starts lower at once when the source has tried to mend itself', () => {
    expect(stepOf(having(...playing, { type: 'broke', code: 'cannot_play', nowMs: 1, startAt: 'lower' }))).toBe('lower')
  })

  it('goes lower with a film that never showed a picture, and says what home says when nothing is left', () => {
    const lower = having(failed('cannot_play'))
    expect(lower).toMatchObject({ mode: 'trying', step: 'lower', isFirst: true })
    expect(keepPlaying(lower, failed('needs_ffmpeg'))).toMatchObject({ mode: 'failed', code: 'needs_ffmpeg' })
    const later = having(...playing, broke('cannot_play'), failed('cannot_play'), failed('needs_ffmpeg'))
    expect(later).toMatchObject({ mode: 'failed', code: 'needs_ffmpeg', isQuiet: false })
  })

  it('switches to a plan that was chosen, and repairs that like any other break', () => {
    const switching = having(...playing, { type: 'replanned', nowMs: 1 })
    expect(stepOf(switching)).toBe('switch')
    expect(keepPlaying(switching, worked).mode).toBe('steady')
    expect(stepOf(keepPlaying(switching, failed('no_route')))).toBe('renew')
    expect(stepOf(keepPlaying(switching, failed('cannot_play')))).toBe('lower')
  })

  it('does not switch in the middle of a repair', () => {
    const trying = having(...playing, broke())
    expect(keepPlaying(trying, { type: 'replanned', nowMs: 1 })).toBe(trying)
  })

  it('does not count a picture that failed once, played on, and failed again much later', () => {
    const once = [broke('cannot_play'), failed(), worked, progressed]
    expect(having(...playing, ...once, ...once, ...once).mode).toBe('steady')
  })

  it('does not turn in circles when a lost stream cannot be opened either', () => {
    const lost = having(...playing, broke(), failed(), failed('not_found'))
    expect(stepOf(lost)).toBe('open')
    expect(keepPlaying(lost, failed('agent_offline')).mode).toBe('resting')
    expect(keepPlaying(lost, failed('not_found'))).toMatchObject({ mode: 'failed', isQuiet: false })
  })
})

describe('telling a person', () => {
  it('says at once when the film does not even begin, and tries again behind the words', () => {
    const dark = having(failed('agent_offline'))
    expect(dark).toMatchObject({ mode: 'failed', code: 'agent_offline', isQuiet: true, retryWith: 'open' })
    const quietly = keepPlaying(dark, nudged)
    expect(quietly).toMatchObject({ mode: 'trying', step: 'open', isFirst: true, behind: 'agent_offline' })
    expect(keepPlaying(quietly, failed('agent_offline'))).toMatchObject({ mode: 'failed', isQuiet: true })
    expect(keepPlaying(quietly, worked).mode).toBe('steady')
  })

  it('does not try by itself when there is no copy', () => {
    const none = having(failed('no_source'))
    expect(none).toMatchObject({ mode: 'failed', isQuiet: false })
    expect(keepPlaying(none, nudged)).toBe(none)
    expect(keepPlaying(none, { type: 'retry', nowMs: 1 })).toMatchObject({ mode: 'trying', step: 'open' })
  })

  it('keeps the film on the screen for two minutes before it says that home is gone', () => {
    const ladder = [failed(), failed(), failed('agent_offline', 1000 + TELL_AFTER_MS - 1)]
    expect(having(...playing, broke(), ...ladder).mode).toBe('resting')
    const late = [failed(), failed(), failed('agent_offline', 1000 + TELL_AFTER_MS)]
    expect(having(...playing, broke(), ...late)).toMatchObject({ mode: 'failed', code: 'agent_offline', isQuiet: true })
  })

  it('does not count hours of pause as hours of trouble', () => {
    const hours = 3 * 3600 * 1000
    const ladder = [
      broke('unreachable', hours),
      failed('no_route', hours),
      failed(),
      failed('agent_offline', hours + 1),
    ]
    expect(having(worked, ...ladder).mode).toBe('resting')
  })

  it('stops resting at once when something got better', () => {
    expect(stepOf(having(...playing, broke(), failed(), failed(), failed(), nudged))).toBe('resume')
  })
})

it('rests 1, 2, 4, then 6 s, give or take a quarter', () => {
  expect([1, 2, 3, 4, 50].map((round) => restMs(round, 0.5))).toEqual([1000, 2000, 4000, 6000, 6000])
  expect([restMs(1, 0), restMs(1, 1)]).toEqual([750, 1250])
})

it('always leaves a way on, whatever happens in whatever order', () => {
  const code = fc.constantFrom(...(Object.keys(errorWords) as FailureCode[]))
  const nowMs = fc.nat(10 * TELL_AFTER_MS)
  const event = fc.oneof(
    fc.record({ type: fc.constant('broke' as const), code, nowMs }),
    fc.record({ type: fc.constant('step_failed' as const), code, nowMs }),
    fc.record({ type: fc.constant('nudged' as const), nowMs }),
    fc.record({ type: fc.constant('replanned' as const), nowMs }),
    fc.constantFrom(worked, progressed, rested),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const state = having(...events)
      const next = { steady: broke(), trying: worked, resting: rested, failed: { type: 'retry', nowMs: 1 } } as const
      expect(keepPlaying(state, next[state.mode])).not.toBe(state)
    }),
  )
})
