/** The young generation of the heap stays small under a load that would make it grow. */
import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const MiB = 1024 * 1024

/**
 * What the young generation took for most of the time while a million objects lived for a while, in a process of its
 * own, once the first half of them had let it grow. Not the most: in the middle of a collection it holds pages that leave
 * with it, more of them on a busy machine.
 */
function nurseryBytes(prepare: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8'
    ${prepare}
    let kept = []
    const sizes = []
    for (let made = 0; made < 1_200_000; made++) {
      kept.push({ made, list: [made] })
      if (kept.length > 200_000) kept = []
      if (made < 600_000 || made % 50_000 > 0) continue
      const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
      sizes.push(space.space_size)
    }
    console.log(sizes.sort((a, b) => a - b)[sizes.length >> 1])`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
}

describe('keepNurserySmall', () => {
  it('keeps it at a few MiB, where it would take many', () => {
    const module = fileURLToPath(new URL('./small-nursery.ts', import.meta.url))
    expect(nurseryBytes('')).toBeGreaterThan(32 * MiB)
    const small = `const { keepNurserySmall } = await import(${JSON.stringify(module)}); keepNurserySmall()`
    expect(nurseryBytes(small)).toBeLessThanOrEqual(8 * MiB)
  })

  it('is called before the agent loads anything', () => {
    const tellAtExit = `
      import { getHeapSpaceStatistics } from 'node:v8'
      process.on('exit', () => {
        const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
        console.log(space.space_size)
      })`
    const main = fileURLToPath(new URL('./main.ts', import.meta.url))
    const told = `data:text/javascript,${encodeURIComponent(tellAtExit)}`
    // Without settings it loads everything, and ends.
    const { stdout, status } = spawnSync(process.execPath, ['--import', told, main], { env: {}, encoding: 'utf8' })
    expect(status).toBe(1)
    expect(Number(stdout)).toBeGreaterThan(0)
    expect(Number(stdout)).toBeLessThanOrEqual(8 * MiB)
  })
})
