import { expect, it } from 'vitest'
import { assScript } from './ass-script.ts'

const head =
  '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'
const line = (text: string) => `Dialogue: 0,0:00:59.00,0:01:02.00,Default,,0,0,0,,${text}`

it('puts the lines of the windows under the head, each once', () => {
  const script = assScript(head, [`${line('A')}\n${line('across')}\n`, `${line('across')}\r\n${line('B')}\r\n`])
  expect(script).toBe(`${head}${line('A')}\n${line('across')}\n${line('B')}\n`)
})

it('takes nothing from a window but what is said in it', () => {
  expect(assScript(head, ['[Script Info]\nComment: 0,x\n<html>\n'])).toBe(`${head}\n`)
})

it('gives a head without a place for events one', () => {
  expect(assScript('[Script Info]\nTitle: x', [line('A')])).toMatch(/\[Events\]\nFormat: Layer, .*\nDialogue: /)
})
