/** Only the app's own pages are let in. */
import { describe, expect, it } from 'vitest'
import { corsHeaders, preflightHeaders } from './cors.ts'

const app = 'https://porchlight.example'

describe('corsHeaders', () => {
  it('lets the app read, and the headers that a player needs', () => {
    const headers = corsHeaders({ origin: app }, app)
    expect(headers['access-control-allow-origin']).toBe(app)
    for (const name of ['content-range', 'accept-ranges', 'etag', 'content-length']) {
      expect(headers['access-control-expose-headers']).toContain(name)
    }
    expect(headers.vary).toBe('origin')
  })

  it.each([
    undefined,
    'https://evil.example',
    'null',
    `${app}.evil.example`,
    'http://porchlight.example',
    `${app}:444`,
  ])('gives %s no permission', (origin) => {
    expect(corsHeaders({ origin }, app)).toEqual({ vary: 'origin' })
  })

  it('gives nobody permission before the edge has named the app', () => {
    expect(corsHeaders({ origin: app }, undefined)).toEqual({ vary: 'origin' })
    expect(corsHeaders({}, undefined)).toEqual({ vary: 'origin' })
  })
})

describe('preflightHeaders', () => {
  it('allows the app ranges, and a private address when the browser asks about that', () => {
    expect(preflightHeaders({ origin: app }, app)).toMatchObject({
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': expect.stringContaining('range'),
    })
    expect(preflightHeaders({ origin: app }, app)).not.toHaveProperty('access-control-allow-private-network')
    const asked = { origin: app, 'access-control-request-private-network': 'true' }
    expect(preflightHeaders(asked, app)).toHaveProperty('access-control-allow-private-network', 'true')
  })

  it.each([undefined, 'https://evil.example', 'null'])('refuses %s', (origin) => {
    expect(preflightHeaders({ origin, 'access-control-request-private-network': 'true' }, app)).toBeUndefined()
  })
})
