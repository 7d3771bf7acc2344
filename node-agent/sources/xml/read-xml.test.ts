/** The XML reader: what feeds are made of, and every way to make it work for nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bombs } from '../../testing/upstreams/indexes.ts'
import { hashOf, readFeed } from './read-feed.ts'
import { NotXml, readXml, textOf } from './read-xml.ts'

describe('readXml', () => {
  it('reads elements, attributes, text, entities and CDATA', () => {
    const root = readXml(
      '\uFEFF<?xml version="1.0"?><!-- a > b --><R a="1 &amp; 2" B=\'"\'><x> a &lt; b &#228;&#xe4;&unknown; </x><y/><![CDATA[<z>]]></R>',
    )
    expect(root.name).toBe('r')
    expect([...root.attributes]).toEqual([
      ['a', '1 & 2'],
      ['b', '"'],
    ])
    expect(textOf(root, 'x')).toBe('a < b ää&unknown;')
    expect(root.text).toBe('<z>')
    expect(root.children.map(({ name }) => name)).toEqual(['x', 'y'])
  })

  it.each([
    ...Object.values(bombs),
    '',
    'words',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a b="<">',
    '<a><!-- never ends</a>',
    '<a><![CDATA[never ends</a>',
    '<a b="never ends></a>',
    ' '.repeat(8_000_001),
  ])('refuses %#', (text) => expect(() => readXml(text)).toThrow(NotXml))

  it('reads or refuses anything, and quickly so', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '"',
      "'",
      '=',
      'a',
      '&',
      ';',
      '<a>',
      '</a>',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
        try {
          readFeed(readXml(`<rss>${pieces.join('')}</rss>`))
        } catch (error) {
          expect(error).toBeInstanceOf(NotXml)
        }
      }),
    )
  })
})

describe('hashOf', () => {
  it.each([
    ['ABCDEF0123456789ABCDEF0123456789ABCDEF01', 'abcdef0123456789abcdef0123456789abcdef01'],
    ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA7', '000000000000000000000000000000000000001f'],
    ['abc', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (text, hash) => expect(hashOf(text)).toBe(hash))
})
