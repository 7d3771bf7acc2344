/** What stands inside a film: looked for when nobody has, and again when the film is whole and the first look was not of all of it. */
import { isDeepStrictEqual } from 'node:util'
import type { CutBy } from '#protocol/stream-url.ts'
import type { Probe } from '../state/probe.ts'
import type { KnownFile, SourceState } from '../state/source-state.ts'
import type { FileIdentity } from './film.ts'

/** `inside` is undefined for a film that nobody understands. */
export type Looked = CutBy & { inside: Probe | undefined }

/**
 * A film that is still arriving may keep things to itself: without Cues where its keyframes are, without a look at its
 * middle whether they are closed, cut short how long it is. So a look says whether it was of a whole film
 * (`isOfWhole`), and one that was not is taken again when somebody opens the film and all of it is here.
 *
 * Segments that somebody plays are cut by the first look, and players number them: what a second look finds otherwise
 * is therefore kept beside the first, never over it. Paths say which of the two they are cut by (protocol/stream-url.ts), so
 * that whoever plays goes on by the old grid for as long as they like, also after a restart, and whoever begins gets
 * the new one. More than two there never are: nothing more can be found in a whole film.
 */
export async function lookInside(
  sources: SourceState,
  file: FileIdentity & { sizeBytes: number },
  isWhole: () => boolean,
  look: (isWhole: boolean) => Promise<Probe | undefined>,
): Promise<Looked> {
  const known = sources.findFile(file.sourceId, file.path)
  const newest = newestOf(known)
  if (newest.inside?.isOfWhole) return newest
  const isWholeNow = isWhole()
  if (newest.inside && !isWholeNow) return newest
  const found = await look(isWholeNow)
  return found ? keep(sources, file, found) : newest
}

/** Others may have looked in the meantime: whatever was kept first stays. */
function keep(sources: SourceState, file: FileIdentity & { sizeBytes: number }, found: Probe): Looked {
  const { sourceId, path, sizeBytes } = file
  const known = sources.findFile(sourceId, path)
  const first = known?.probe
  if (!first || (found.isOfWhole && isDeepStrictEqual({ ...first, isOfWhole: true }, found))) {
    sources.saveFile(sourceId, path, sizeBytes, found)
  } else if (found.isOfWhole && !first.isOfWhole) {
    sources.saveWholeProbe(sourceId, path, found)
  }
  return newestOf(sources.findFile(sourceId, path))
}

/** What is known best of a film. */
export const newestOf = (known: KnownFile | undefined): Looked =>
  known?.wholeProbe ? { inside: known.wholeProbe, cutBy: 'whole' } : { inside: known?.probe }
