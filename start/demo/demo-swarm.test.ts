import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Offers } from '#protocol/source.ts'
import { openStateDirectory } from '../state-directory.ts'
import { startDemoSwarm } from './demo-swarm.ts'

it('offers two torrents of Big Buck Bunny that both seeders have, and leaves nothing running', async () => {
  const root = mkdtempSync(join(tmpdir(), 'porchlight-swarm-'))
  const swarm = await startDemoSwarm(openStateDirectory(root))
  const { offers } = Offers.parse(JSON.parse(readFileSync(swarm.catalogFile, 'utf8')))
  expect(offers.map((offer) => offer.source.infoHash)).toHaveLength(2)
  expect(new Set(offers.map((offer) => offer.source.infoHash)).size).toBe(2)
  for (const { title } of offers) expect(`${title.licence} ${title.credit}`).toMatch(/CC BY 3\.0 © 2008 Blender/)
  await Promise.all(swarm.children.map((child) => child.stop()))
  expect(swarm.children.some((child) => child.isRunning())).toBe(false)
  rmSync(root, { recursive: true, force: true })
}, 60_000)
