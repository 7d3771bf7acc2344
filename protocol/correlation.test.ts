import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CorrelationId, correlationIdFrom, newCorrelationId } from './correlation.ts'

it('keeps a well-formed id', () => {
  expect(correlationIdFrom('abcDEF12-_')).toBe('abcDEF12-_')
})

it('replaces whatever could harm a log line', () => {
  for (const hostile of [
    'short',
    'a b c d e f',
    'x\ny-12345678',
    '',
    null,
    undefined,
    'é'.repeat(12),
    'a'.repeat(37),
  ]) {
    expect(correlationIdFrom(hostile)).not.toBe(hostile)
  }
  fc.assert(fc.property(fc.string(), (header) => CorrelationId.safeParse(correlationIdFrom(header)).success))
})

it('makes ids of its own form', () => {
  expect(CorrelationId.safeParse(newCorrelationId()).success).toBe(true)
})
