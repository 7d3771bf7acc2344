/** Which addresses pass, in every spelling a URL parser accepts. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPublicUrl } from './public-url.ts'

const passes = (url: string, options = {}) => isPublicUrl(new URL(url), options)

describe('a provider may send us to', () => {
  it.each([
    'https://accounts.google.com/o/oauth2',
    'https://id.example.org.',
    'https://8.8.8.8/token',
    'https://[2606:4700::1111]/jwks',
    'https://id.example.org:443/',
  ])('%s', (url) => expect(passes(url)).toBe(true))

  it('the port of the issuer that was configured', () => {
    expect(passes('https://id.example.org:8443/', { ports: ['8443'] })).toBe(true)
    expect(passes('https://id.example.org:8444/', { ports: ['8443'] })).toBe(false)
  })
})

describe('a provider may not send us to', () => {
  it.each([
    'http://accounts.google.com/',
    'https://user@id.example.org/',
    'https://user:password@id.example.org/',
    'https://id.example.org:22/',
    'ftp://id.example.org/',
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://ⓛocalhost/',
    'https://a.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://router.home.arpa/',
    'https://intranet/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://0.0.0.0/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://100.127.255.255/',
    'https://169.254.169.254/latest/meta-data',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[fe80::1]/',
    'https://[ff02::1]/',
    'https://[100::1]/',
  ])('%s', (url) => expect(passes(url)).toBe(false))

  it('the loopback, unless this is development, and then nothing else that is private', () => {
    const local = { isLocalAllowed: true }
    expect(passes('http://127.0.0.1:4100/x')).toBe(false)
    expect(passes('http://127.0.0.1:4100/x', local)).toBe(true)
    expect(passes('http://localhost:4100/x', local)).toBe(true)
    expect(passes('http://169.254.169.254/', local)).toBe(false)
    expect(passes('http://192.168.1.1/', local)).toBe(false)
    expect(passes('http://id.example.org/', local)).toBe(false)
    expect(passes('http://u@127.0.0.1/', local)).toBe(false)
    expect(passes('file://localhost/etc/passwd', local)).toBe(false)
  })

  it('any private IPv4 address, also when IPv6 carries it', () => {
    const byte = fc.nat(255)
    const inside = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
      fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
    )
    fc.assert(
      fc.property(inside, (parts) => {
        const dotted = parts.join('.')
        const number = parts.reduce((sum, part) => sum * 256 + part, 0)
        const spellings = [dotted, String(number), `0x${number.toString(16)}`, `[::ffff:${dotted}]`, `[::${dotted}]`]
        return spellings.every((host) => !passes(`https://${host}/`))
      }),
    )
  })
})
