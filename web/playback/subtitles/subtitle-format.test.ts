import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { languageInName, subtitleFormat } from './subtitle-format.ts'

it.each([
  ['film.srt', '1\r\n00:00:01,000 --> 00:00:02,000\r\nHello', 'srt'],
  ['film.txt', '1\n00:00:01,000 --> 00:00:02,000\nHello', 'srt'],
  ['film.srt', '\uFEFFWEBVTT\n\n00:01.000 --> 00:02.000\nHello', 'vtt'],
  ['film.ass', '[Script Info]\nTitle: x', 'ass'],
  ['film.ssa', '\n[script info]\n', 'ass'],
  ['film.srt', 'W\0E\0B\0V\0T\0T\0\n\0', 'vtt'],
  ['film.SRT', 'in a character set of its own', 'srt'],
  ['film.ssa', '', 'ass'],
  ['film.mkv', '\x1a\x45\xdf\xa3', undefined],
  ['holiday.jpg', 'JFIF', undefined],
])('%s beginning with %j', (name, head, format) => expect(subtitleFormat(name, head)).toBe(format))

it.each([
  ['Film.de.srt', 'de'],
  ['Film.2011.en.forced.srt', 'en'],
  ['Film.pt-BR.vtt', 'pt-BR'],
  ['Film.1080p.srt', undefined],
  ['Film.srt', undefined],
])('%s is in %j', (name, language) => expect(languageInName(name)).toBe(language))

it('never throws, whatever the name', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (name, head) => {
      subtitleFormat(name, head)
      languageInName(`${name}.xx.srt`)
    }),
  )
})
