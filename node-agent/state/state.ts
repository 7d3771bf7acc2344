/** Everything of the agent that must survive a restart, behind one door. */
import { addedSubtitleState } from './added-subtitle-state.ts'
import { localFilmState } from './local-film-state.ts'
import { openDatabase } from './open-database.ts'
import { providerState } from './provider-state.ts'
import { settingsState } from './settings-state.ts'
import { sourceState } from './source-state.ts'
import { streamState } from './stream-state.ts'
import { taskState } from './task-state.ts'
import { torrentBlobState } from './torrent-blob-state.ts'
import { torrentState } from './torrent-state.ts'
import { vpnState } from './vpn-state.ts'

/** Opens (and makes, on the first start) the state in this directory. Errors as in open-database.ts. */
export function openState(directory: string) {
  const database = openDatabase(directory)
  return {
    settings: settingsState(database),
    addedSubtitles: addedSubtitleState(database),
    torrents: torrentState(database),
    torrentBlobs: torrentBlobState(database),
    sources: sourceState(database),
    localFilms: localFilmState(database),
    streams: streamState(database),
    vpn: vpnState(database),
    providers: providerState(database),
    tasks: taskState(database),
    close: () => database.close(),
  }
}
export type State = ReturnType<typeof openState>
