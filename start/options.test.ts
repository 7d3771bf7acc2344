import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('the words after npm start --', () => {
  it('may be none', () => {
    expect(readOptions([])).toEqual({
      options: { lan: false, demo: true, port: 8787, stateDirectory: '.porchlight' },
    })
  })

  it('are read', () => {
    expect(readOptions(['--lan', '--no-demo', '--port', '9000', '--state', '/tmp/x'])).toEqual({
      options: { lan: true, demo: false, port: 9000, stateDirectory: '/tmp/x' },
    })
  })

  it.each([
    ['--port', 'many'],
    ['--port', '0'],
    ['--port', '70000'],
    ['--port', '80.5'],
  ])('are refused in words: %s %s', (...words) => {
    expect(readOptions(words)).toEqual({ text: expect.stringContaining('--port must be'), exitCode: 2 })
  })

  it('that nobody knows are answered with those we know', () => {
    expect(readOptions(['--fast'])).toEqual({ text: expect.stringContaining('--no-demo'), exitCode: 2 })
    expect(readOptions(['--help'])).toEqual({ text: expect.stringContaining('--lan'), exitCode: 0 })
  })
})
