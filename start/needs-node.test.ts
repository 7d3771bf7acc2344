import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const judge = (version: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'needs-node.cjs'), version], { encoding: 'utf8' })

it.each(['20.20.2', '22.17.9', '18.0.0'])('says what to do about Node %s', (version) => {
  const { status, stderr } = judge(version)
  expect(status).toBe(1)
  expect(stderr).toContain(`This is Node ${version}`)
})

it.each(['22.18.0', '22.20.1', '24.0.0'])('lets Node %s go on', (version) => {
  expect(judge(version)).toMatchObject({ status: 0, stderr: '' })
})
