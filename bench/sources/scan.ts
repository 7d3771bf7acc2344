/** How long a library of 10,000 films takes to be scanned, and to be scanned again. The disk's own speed is in it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanFolders } from '../../node-agent/sources/folders/scan-folders.ts'
import { openState } from '../../node-agent/state/state.ts'
import { report } from '../report.ts'

const FILMS = 10_000
const FILMS_IN_A_FOLDER = 20

export async function measureScan(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'porchlight-scan-'))
  const library = join(directory, 'films')
  const state = openState(join(directory, 'state'))
  try {
    for (let film = 0; film < FILMS; film++) {
      const folder = join(library, `Shelf ${Math.floor(film / FILMS_IN_A_FOLDER)}`)
      if (film % FILMS_IN_A_FOLDER === 0) await mkdir(folder, { recursive: true })
      await writeFile(join(folder, `Film.Number.${film}.${1950 + (film % 70)}.1080p.BluRay.x264-GRP.mkv`), 'film')
    }
    for (const name of ['scan-10000', 'rescan-10000']) {
      const start = performance.now()
      const { films } = await scanFolders([library], state.localFilms, {
        signal: new AbortController().signal,
        thisYear: new Date().getUTCFullYear(),
      })
      if (films !== FILMS) throw new Error(`${films} films seen, not ${FILMS}`)
      const value = (performance.now() - start) / 1000
      report({ bench: 'sources', case: name, subject: 'porchlight', metric: 's', value, n: FILMS })
    }
  } finally {
    state.close()
    await rm(directory, { recursive: true, force: true })
  }
}
