/** Nothing reaches a log line that is not on the list. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { logLine } from './log.ts'

const at = new Date('2026-11-22T10:00:00Z')
const line = (fields: object) => JSON.parse(logLine('info', 'test', fields, at))

it('keeps the fields of the list', () => {
  const fields = { correlationId: 'abc', status: 200, streamId: 's' }
  expect(line(fields)).toEqual({ at: at.toISOString(), side: 'edge', level: 'info', event: 'test', ...fields })
})

it('drops whatever is not on it, whatever it is called', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.constant('s3cret')), (fields) => {
      const {
        correlationId: _c,
        method: _m,
        route: _r,
        code: _co,
        streamId: _s,
        agentId: _a,
        sourceId: _so,
        personId: _p,
        task: _t,
        reason: _re,
        ...rest
      } = fields
      expect(logLine('info', 'test', rest, at)).not.toContain('s3cret')
    }),
  )
  expect(line({ token: 'v1.x.y', password: 'p', cookie: 'c', infoHash: 'h', magnet: 'm' })).not.toHaveProperty('token')
})

it('is one line however the values try', () => {
  const text = logLine('info', 'test', { reason: 'a\n{"level":"error"}\r\u0000' }, at)
  expect([...text].filter((character) => character < ' ')).toEqual([])
})

it('does not repeat what a failed query was given', () => {
  const failed = new Error('Failed query: select * from users where email = ?\nparams: ada@example.org', {
    cause: new Error('D1_ERROR: no such table: users'),
  })
  const text = logLine('error', 'unexpected', { error: failed }, at)
  expect(text).toContain('no such table')
  expect(text).not.toContain('ada@example.org')
})
