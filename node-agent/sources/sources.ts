/** The list of content providers, and those of them that are switched on. */

import type { Provider } from './provider.ts'
import { demo } from './providers/demo.ts'
import { folders } from './providers/folders.ts'
import { internetArchive } from './providers/internet-archive.ts'

export const providers: readonly Provider[] = [demo, folders, internetArchive]
