/** Whether Linux keeps the bound address to its interface, by what `ip` says; and nothing where it says nothing. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { type AskIp, createAskIp, hasKernelRule } from './kernel-rule.ts'

const live = () => AbortSignal.timeout(10_000)
const usual = [
  { priority: 0, src: 'all', table: 'local' },
  { priority: 32766, src: 'all', table: 'main' },
  { priority: 32767, src: 'all', table: 'default' },
]
const ours = { priority: 32765, src: '10.8.0.2', table: '77' }
const way = { dst: 'default', dev: 'tun0', scope: 'link', flags: [] }
const wall = { type: 'unreachable', dst: 'default', metric: 9999, flags: [] }

/** As `ip` of iproute2 6.15 prints it. */
const saying =
  (rules: unknown, routes: unknown = []): AskIp =>
  async ([what]) =>
    JSON.stringify(what === 'rule' ? rules : routes)

describe('the rule', () => {
  it.each<[string, boolean | undefined, unknown, unknown?]>([
    ['there, with its end', true, [...usual, ours], [way, wall]],
    ['there while the interface is gone', true, [...usual, ours], [wall]],
    ['there with a table by number', true, [{ ...ours, table: 77 }], [wall]],
    ['not there', false, usual],
    ['not there for want of an end: another way would be taken', false, [...usual, ours], [way]],
    ['not there for another address', false, [...usual, { ...ours, src: '10.8.0.3' }], [way, wall]],
    ['not there for a network', false, [...usual, { ...ours, srclen: 24 }], [way, wall]],
    ['not there in the table of all', false, [...usual, { ...ours, table: 'main' }], [way, wall]],
    ['not known from what is no list', undefined, { rules: [] }],
  ])('is %s', async (_what, expected, rules, routes) => {
    expect(await hasKernelRule('10.8.0.2', saying(rules, routes), live())).toBe(expected)
  })

  it('is not known where there is no such program, or it answers what is none', async () => {
    expect(await hasKernelRule('10.8.0.2', createAskIp('/nowhere'), live())).toBeUndefined()
    expect(await hasKernelRule('10.8.0.2', async () => 'Object "rule" is unknown', live())).toBeUndefined()
  })

  it('is asked of the program by its name', async () => {
    const folder = temporaryDirectory()
    const program = `#!/bin/sh\n[ "$1 $2" = "-json rule" ] && echo '${JSON.stringify([ours])}' || echo '[${JSON.stringify(wall)}]'\n`
    writeFileSync(join(folder, 'ip'), program, { mode: 0o755 })
    expect(await hasKernelRule('10.8.0.2', createAskIp(`${folder}:/usr/bin:/bin`), live())).toBe(true)
  })
})
