import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installedProgram, repository } from '../start/child.ts'

let house: string
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'porchlight-walls-'))
  copyFileSync(join(repository, 'biome.json'), join(house, 'biome.json'))
})
afterEach(() => rmSync(house, { recursive: true, force: true }))

/** What `npm run check` says of a file with this text at this place, in an empty house with the same walls. */
function lint(place: string, text: string): string {
  mkdirSync(join(house, dirname(place)), { recursive: true })
  writeFileSync(join(house, place), text)
  const ended = spawnSync(installedProgram('biome'), ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '.'], {
    cwd: house,
    encoding: 'utf8',
  })
  return ended.stdout + ended.stderr
}

describe('the walls of the house', () => {
  it.each([
    ['protocol/x.ts', 'hono'],
    ['protocol/x.ts', 'hono/utils/http-status'],
    ['protocol/x.ts', '../worker/app.ts'],
    ['worker/auth/x.ts', '../playback/start-playback.ts'],
    ['worker/agents/x.ts', '../catalog/catalog.ts'],
    ['worker/catalog/x.ts', '../../node-agent/main.ts'],
    ['node-agent/torrents/x.ts', '../http/server.ts'],
    ['node-agent/link/x.ts', '../torrents/torrents.ts'],
    ['node-agent/x.ts', '../worker/app.ts'],
    ['web/playback/x.ts', '../../worker/app.ts'],
    ['web/ui/x.ts', '../playback/player-page.tsx'],
    // From a folder within a room as well.
    ['worker/auth/ways/x.ts', '../../playback/start-playback.ts'],
    ['node-agent/torrents/blocks/x.ts', '../../http/server.ts'],
    ['web/playback/engine/x.ts', '../../catalog/title-card.tsx'],
    ['web/catalog/x.ts', '../playback/player-state.ts'],
  ])('stand: %s may not import %s', (place, imported) => {
    expect(lint(place, `import '${imported}'\n`)).toContain('lint/style/noRestrictedImports')
  })

  it.each([
    ['protocol/x.ts', 'zod'],
    ['protocol/x.ts', './errors.ts'],
    ['worker/playback/x.ts', '../agents/ask-agent.ts'],
    ['node-agent/http/x.ts', '../torrents/torrents.ts'],
    ['node-agent/agent.ts', './http/server.ts'],
    ['web/api.ts', '../worker/app.ts'],
    ['web/playback/x.ts', '../ui/button.tsx'],
  ])('have doors: %s may import %s', (place, imported) => {
    expect(lint(place, `import '${imported}'\n`)).not.toContain('noRestrictedImports')
  })

  it('admit no barrel and no misnamed file', () => {
    expect(lint('worker/auth/x.ts', "export * from './sessions.ts'\n")).toContain('noBarrelFile')
    expect(lint('worker/auth/MyThing.ts', 'export const a = 1\n')).toContain('useFilenamingConvention')
  })
})
