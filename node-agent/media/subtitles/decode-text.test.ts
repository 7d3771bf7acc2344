/** Texts in the character sets that subtitle files come in. */
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'

const samples = {
  german: 'Das ist schön, Jürgen. Größe zählt über alles!',
  french: 'Où êtes-vous allé, à la plage ? Ça a été très réussi.',
  polish: 'Cześć, jak się masz? Chciałbym wiedzieć, gdzie jesteś, proszę.',
  czech: 'Dobrý večer, děkuji. Proč říkáš, že můžeš přijít později?',
  russian: 'Привет, как дела? Я не знаю, что мне теперь делать. Она ушла.',
  greek: 'Καλημέρα σας, τι κάνετε; Δεν ξέρω τι να πω γι’ αυτό.',
  turkish: 'Nasılsın? Şimdi ne yapacağımızı bilmiyorum, çok güzel bir gün.',
  hebrew: 'שלום, מה שלומך היום? אני לא יודע מה לעשות עכשיו.',
  arabic: 'مرحبا، كيف حالك اليوم؟ لا أعرف ماذا أفعل الآن.',
  japanese: 'こんにちは。お元気ですか。私はここにいますよ。',
  korean: '안녕하세요. 오늘은 어디에 가나요? 나는 집에 있어요.',
  simplified: '你好，今天我们去哪里？我不知道这个人是谁。',
  traditional: '你好，今天我們去哪裡？我不知道這個人是誰。',
}
const film = (line: string) =>
  `1\n00:00:01,000 --> 00:00:02,000\n${line}\n\n2\n00:00:03,000 --> 00:00:04,000\n${line}\n`
const encode = (text: string, charset: string) =>
  new Uint8Array(execFileSync('iconv', ['-f', 'UTF-8', '-t', charset], { input: text }))

it.each([
  [samples.german, 'WINDOWS-1252'],
  [samples.french, 'WINDOWS-1252'],
  [samples.polish, 'WINDOWS-1250'],
  [samples.czech, 'WINDOWS-1250'],
  [samples.russian, 'WINDOWS-1251'],
  [samples.russian, 'KOI8-R'],
  [samples.greek, 'WINDOWS-1253'],
  [samples.turkish, 'WINDOWS-1254'],
  [samples.hebrew, 'WINDOWS-1255'],
  [samples.arabic, 'WINDOWS-1256'],
  [samples.japanese, 'SHIFT_JIS'],
  [samples.japanese, 'EUC-JP'],
  [samples.korean, 'EUC-KR'],
  [samples.simplified, 'GB18030'],
  [samples.traditional, 'BIG5'],
  [samples.russian, 'UTF-16LE'],
  [samples.japanese, 'UTF-16BE'],
  [samples.russian, 'UTF-8'],
])('reads %s out of %s without being told', (text, charset) => {
  expect(decodeText(encode(film(text), charset))).toBe(film(text))
})

it.each([
  ['pl', 'Wąż i żółw', 'WINDOWS-1250'],
  ['he', 'כן', 'WINDOWS-1255'],
])('takes the character set of the language (%s) for a text too short to tell', (language, text, charset) => {
  expect(decodeText(encode(text, charset), language)).toBe(text)
})

it('drops the byte order mark', () => {
  expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('A')
  expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x41, 0))).toBe('A')
  expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x41))).toBe('A')
})

it('gives text for any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => typeof decodeText(bytes) === 'string'))
})
