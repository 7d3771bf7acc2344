import { describe, expect, it } from 'vitest'
import { AppError, type ErrorCode, errorStatus } from '#protocol/errors.ts'
import { errorWords, wordsFor } from './error-words.ts'
import { CannotPlay, NoRoute, Unreachable } from './failure.ts'

const everyCode = Object.keys(errorStatus) as ErrorCode[]

describe('the words for failures', () => {
  it.each(everyCode)('has words for %s that say what happened and what to do', (code) => {
    const words = errorWords[code]
    expect(words.title).toMatch(/^[A-Z].*\.$/)
    expect(words.text).toMatch(/^[A-Z].*\.$/)
  })

  it('speaks as a household does: no jargon, no blame, no exclamation', () => {
    for (const { title, text } of Object.values(errorWords)) {
      const all = `${title} ${text}`
      expect(all).not.toMatch(/[!]|please|sorry|oops|invalid|error|failed/i)
      expect(all).not.toMatch(/\b(token|torrent|agent|server|swarm|session|http|api|code [45]\d\d|relay|worker)\b/i)
      expect(all.length).toBeLessThan(170)
    }
  })

  it('is chosen by code, never by message', () => {
    expect(wordsFor(new AppError('agent_offline', 'whatever the server wrote'))).toBe(errorWords.agent_offline)
  })

  it('tells silence of the edge, silence of home and a refused picture apart', () => {
    expect(wordsFor(new Unreachable(), true)).toBe(errorWords.unreachable)
    expect(wordsFor(new NoRoute(), true)).toBe(errorWords.no_route)
    expect(wordsFor(new CannotPlay())).toBe(errorWords.cannot_play)
    expect(wordsFor(new TypeError('a bug'))).toBe(errorWords.internal)
  })
})
