import { describe, expect, it } from 'vitest'
import { AppError, ErrorCode, statusOf, toErrorData } from './errors.ts'

describe('the code table', () => {
  it('maps every code to a status of refusal or failure', () => {
    for (const code of ErrorCode.options) expect(statusOf(code)).toBeGreaterThanOrEqual(400)
  })
})

describe('an error on its way out', () => {
  it('keeps its code and sentence', () => {
    const error = new AppError('no_source', 'No copy was found. Try again later.')
    expect(toErrorData(error)).toEqual({ code: 'no_source', message: 'No copy was found. Try again later.' })
  })

  it('tells nothing of what we did not expect', () => {
    const data = toErrorData(new Error('SELECT secret FROM users'))
    expect(data.code).toBe('internal')
    expect(JSON.stringify(data)).not.toContain('secret')
  })
})
