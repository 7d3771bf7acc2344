import { expect, it } from 'vitest'
import { redactLine } from './redact-line.ts'

const token = `v1.${'eyJrZXlJZCI6Im'.repeat(20)}.${'a-_Z'.repeat(21)}`

it.each([
  [`GET /api/stream/${token} 206 Partial Content (281ms)`, 'GET /api/stream/[token] 206 Partial Content (281ms)'],
  [`GET /api/stream/${token}/status 200 OK`, 'GET /api/stream/[token]/status 200 OK'],
  [`failed: "http://localhost:1/api/stream/${token}"`, 'failed: "http://localhost:1/api/stream/[token]"'],
  [`{"seen":"${token}"}`, '{"seen":"[token]"}'],
  ['GET /api/titles 200 OK (5ms)', 'GET /api/titles 200 OK (5ms)'],
])('keeps no token of %#', (line, kept) => {
  expect(redactLine(line)).toBe(kept)
})
