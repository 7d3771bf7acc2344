/** Which paths a walk may end at. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReturnPath } from './return-path.ts'

const passes = (path: string) => ReturnPath.safeParse(path).success

describe('a walk may end at', () => {
  it.each(['/', '/titles/sintel-2010', '/settings/links', '/pair/', '/apiary'])('%s', (path) => {
    expect(passes(path)).toBe(true)
  })
})

describe('a walk may not end at', () => {
  it.each([
    '',
    'settings',
    '//evil.example',
    '/\\evil.example',
    '/%2fevil.example',
    '/%09/evil.example',
    '/./evil',
    '/..//evil.example',
    '/a//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a?next=//evil.example',
    '/a#b',
    '/a\r\nset-cookie: x=y',
    '/api',
    '/api/auth/logout/x',
    `/${'a'.repeat(300)}`,
  ])('%j', (path) => expect(passes(path)).toBe(false))

  it('another host, whatever is sent', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.string().map((text) => `/${text}`),
      fc.webUrl(),
      fc.webPath(),
    )
    fc.assert(
      fc.property(
        hostile,
        (path) => !passes(path) || new URL(path, 'https://home.example').href === `https://home.example${path}`,
      ),
    )
  })
})
