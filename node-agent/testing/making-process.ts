/** A process for tests to kill: asks for the first segment of a made rendition, and stays. */
import { filmOf, openTestMaking } from './test-making.ts'

const [directory = '', path = '', bytes = 'come'] = process.argv.slice(2)
const making = await openTestMaking(directory)
const film = await filmOf(path, 'video/x-matroska')
const read = bytes === 'come' ? film.read : () => new Promise<never>(() => {})
const [track] = film.inside.tracks.video
const rendition = { kind: 'video', trackId: track?.id ?? -1, made: { heightPixels: 480 } } as const
const context = { signal: new AbortController().signal, streamId: 'stream-1', correlationId: 'making-process' }
await making.makeRendition({ ...film, read }, rendition, 0, context)
await new Promise(() => {})
