/** Who counts as our own page. */
import { expect, it } from 'vitest'
import { isSameOrigin } from './same-origin.ts'

const own = 'https://films.example'
it.each([
  [true, 'our page', { fetchSite: 'same-origin' }],
  [true, 'our page in a browser without Sec-Fetch-Site', { origin: own }],
  [false, 'a page of a sibling host', { fetchSite: 'same-site', origin: 'https://other.example' }],
  [false, 'another site', { fetchSite: 'cross-site', origin: 'https://evil.example' }],
  [false, 'another site that claims our origin', { fetchSite: 'cross-site', origin: own }],
  [false, 'an address typed in', { fetchSite: 'none' }],
  [false, 'another origin', { origin: 'https://evil.example' }],
  [false, 'our host on another port', { origin: `${own}:8443` }],
  [false, 'our host without TLS', { origin: 'http://films.example' }],
  [false, 'an opaque origin', { origin: 'null' }],
  [false, 'neither header', {}],
])('%s for %s', (expected, _name, headers) => {
  expect(isSameOrigin(headers, own)).toBe(expected)
})
