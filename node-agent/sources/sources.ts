/** The list of content providers. */
import type { Provider } from './provider.ts'
import { demo } from './providers/demo.ts'
import { folders } from './providers/folders.ts'
import { internetArchive } from './providers/internet-archive.ts'
import { rss } from './providers/rss.ts'
import { therarbg } from './providers/therarbg.ts'
import { torznab } from './providers/torznab.ts'
import { yts } from './providers/yts.ts'

export const providers: readonly Provider[] = [demo, folders, internetArchive, rss, torznab, yts, therarbg]
