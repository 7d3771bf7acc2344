/** Names on disk are ours, whatever the torrent says. */

import { join, relative } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diskName } from './disk-name.ts'

describe('diskName', () => {
  it.each([
    [0, 'Big Buck Bunny/Big.Buck.Bunny.1080p.mp4', '0000-big-buck-bunny-1080p.mp4'],
    [12, 'Ünïcode — Film.MKV', '0012-unicode-film.mkv'],
    [3, '../../etc/passwd', '0003-passwd'],
    [4, '.bashrc', '0004-bashrc'],
    [5, '電影.mkv', '0005.mkv'],
    [6, 'CON', '0006-con'],
    [7, `${'x'.repeat(300)}.mp4`, `0007-${'x'.repeat(60)}.mp4`],
    [8, 'a\u0000b/..\\..\\c.ts', '0008-c.ts'],
    [9, '', '0009'],
  ])('names file %i, %j', (index, path, expected) => {
    expect(diskName(index, path)).toBe(expected)
  })

  it('never leaves the folder, and never names two files alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(9999), (path, index) => {
        const name = diskName(index, path)
        expect(name).toMatch(/^\d{4}[a-z0-9.-]*$/)
        expect(relative('/downloads', join('/downloads', name))).toBe(name)
        expect(diskName(index + 1, path)).not.toBe(name)
      }),
    )
  })
})
