/** Which addresses are the app's own. */
import { expect, it } from 'vitest'
import { isForThePage } from './app-page.ts'

const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'

it.each([
  ['GET', '/watch/abc', browser, true],
  ['HEAD', '/sign-in', browser, true],
  ['GET', '/assets/index-old.js', '*/*', false],
  ['GET', '/assets/index-old.js', browser, false],
  ['GET', '/api/nothing', browser, false],
  ['GET', '/p2p/s1/api/stream/t0ken', browser, false],
  ['GET', '/icons/missing.svg', 'image/*', false],
  ['GET', '/watch/abc', undefined, false],
  ['POST', '/watch/abc', browser, false],
])('%s %s asked for as %s is a page: %s', (method, path, accept, expected) => {
  expect(isForThePage(method, path, accept)).toBe(expected)
})
