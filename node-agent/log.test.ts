/** The log keeps to its list and lets no secret out. */
import { describe, expect, it } from 'vitest'
import { createLog, redact } from './log.ts'

const lines = () => {
  const written: string[] = []
  return {
    written,
    log: createLog(
      (line) => written.push(line),
      () => 0,
    ),
  }
}

describe('the agent log', () => {
  it('writes one JSON line with time, level, event and listed fields', () => {
    const { written, log } = lines()
    log.info('read_ended', { streamId: 's1', bytes: 12, correlationId: undefined })
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { time: '1970-01-01T00:00:00.000Z', level: 'info', event: 'read_ended', bytes: 12, streamId: 's1' },
    ])
  })

  it('drops a field that is not listed', () => {
    const { written, log } = lines()
    log.warn('x', { ...{ token: 'secret', password: 'p' }, code: 'invalid' })
    expect(JSON.parse(written[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      event: 'x',
      code: 'invalid',
    })
  })

  it('keeps cause and stack of an error, without the secrets in them', () => {
    const { written, log } = lines()
    const hash = 'dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c'
    log.error('x', new Error('outer', { cause: new Error(`magnet:?xt=urn:btih:${hash}&dn=a and v1.abcdefgh.ijk`) }))
    expect(written[0]).toContain('cause')
    expect(written[0]).not.toContain(hash)
    expect(written[0]).not.toContain('abcdefgh')
    expect(written[0]).not.toContain('btih')
  })

  it('shortens a bare info hash to its label', () => {
    expect(redact('got DD8255ECDC7CA55FB0BBF81323D87062DB1F6D1C now')).toBe('got DD8255EC… now')
  })
})
